"""The one box of the page as a parameter of the API: read into the others, and told how."""

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from finder.api.errors import BadParameters
from finder.models import Program
from finder.search.box import Box, read_box
from finder.search.fields import check_text

NAME = "box"
PARAMETER = OpenApiParameter(
    name=NAME,
    type=OpenApiTypes.STR,
    description=(
        "A sentence as people type it (women tuesday night near dayton): what is known in it "
        "becomes the other parameters, the rest becomes q, and `read` in the answer tells which. "
        "A parameter that is given wins over the sentence. Not together with q."
    ),
)


def unpacked(params: QueryDict) -> tuple[QueryDict, Box | None]:
    """Return the parameters with the box read into them, and the reading if there was one."""
    if NAME not in params:
        return params, None
    asked = dict(params.lists())
    texts = asked.pop(NAME)
    if len(texts) > 1 or "q" in asked:
        raise BadParameters({NAME: [_("Give this once, and not together with q.")]})
    try:
        check_text(texts[0])
    except ValidationError as error:
        raise BadParameters({NAME: error.messages}) from None
    names = Program.objects.listed().values_list("slug", "name", "short_name")
    box = read_box({**asked, "q": texts}, programs=names)
    query = QueryDict(mutable=True)
    for name, values in box.params.items():
        query.setlist(name, values)
    return query, box


def told(box: Box) -> dict:
    """Tell how a box was read: nothing of it is missing here but small words."""
    reading = box.reading
    return {
        "params": {name: values for name, values in box.params.items() if name != "q"},
        "text": reading.rest,
        "asks": [
            {"text": question.text, "choices": [dict(c.pairs) for c in question.choices]}
            for question in reading.questions
        ],
        "unused": [
            *({"text": text, "reason": problem.value} for text, problem in reading.aside),
            *({"text": text, "reason": "overruled"} for text in box.overruled),
        ],
        "corrected": [{"typed": typed, "taken_for": word} for typed, word in reading.corrected],
    }
