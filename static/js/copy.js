// "Copy": puts the words of a field on the clipboard. Without this file the button stays hidden,
// and the words can be marked by hand.

document.querySelectorAll("[data-copy]").forEach((button) => {
  const field = document.getElementById(button.dataset.copy);
  const note = button.parentElement.querySelector("[data-copied-note]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Not allowed: the words stay marked, for the keyboard's own command.
      return;
    }
    note.textContent = button.dataset.copied;
  });
});
