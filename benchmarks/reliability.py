"""The long proofs: no row breaks the reader, and no accident or order of things the directory."""

from django.core.management import call_command

from benchmarks import fuzz, interrupted, judged


def main() -> None:
    """Run all proofs; a failed one ends the run with its sentence."""
    call_command("load_programs", verbosity=0)
    fuzz.main()
    judged.main()
    interrupted.kill()
    interrupted.stop_database()
