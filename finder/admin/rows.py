"""Under each listing of the desk: its locks, what the feed says, its history and the way back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from finder import curation
from finder.models import FieldLock, Group


class RowTools:
    """What the pages of programs, groups, meetings and places share."""

    change_form_template = "admin/desk/row.html"
    is_lockable = True

    def get_urls(self):
        name = self.opts.model_name
        tools = [("locks", self.set_locks), ("revert", self.go_back), ("take-out", self.take_out)]
        return [
            *(
                path(
                    f"<int:pk>/{tool}/",
                    self.admin_site.admin_view(require_POST(view)),
                    name=f"finder_{name}_{tool}",
                )
                for tool, view in tools
            ),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        shown = {}
        row = self.get_object(request, object_id)
        if row is not None and self.is_lockable:
            locked = list(curation.locks_of(row))
            held = {lock.field for lock in locked}
            fields = [n for n in curation.lockable_fields(self.model) if n not in held]
            shown = {"locks": locked, "free_fields": fields}
            shown["can_take_out"] = isinstance(row, Group) and row.is_listed
        return super().change_view(request, object_id, form_url, shown | (extra_context or {}))

    def history_view(self, request, object_id, extra_context=None):
        """Show every change with who made it, and a button to go back to it."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %s") % row,
            "row": row,
            "opts": self.opts,
            "events": curation.history_of(row),
            "may_change": self.has_change_permission(request, row),
            "address": self._address("change", row),
            "revert": self._address("revert", row),
        }
        return TemplateResponse(request, "admin/desk/history.html", context)

    def set_locks(self, request, pk):
        row = self._row(request, pk)
        today = timezone.now().date()
        if field := request.POST.get("_lock"):
            reason = request.POST.get("lock_reason", "")[:300]
            curation.lock(row, [request.POST.get("lock_field", field)], by=request.user,
                          today=today, reason=reason)  # fmt: skip
            return self._back(request, row, _("Locked: imports leave this field alone."))
        locks = curation.locks_of(row)
        for button, decide in DECISIONS.items():
            if number := request.POST.get(button):
                lock = get_object_or_404(locks, pk=number)
                return self._back(request, row, decide(lock, by=request.user, today=today))
        return self._back(request, row, _("Nothing was changed."))

    def go_back(self, request, pk):
        row = self._row(request, pk)
        try:
            number = int(request.POST.get("event", ""))
            fields = curation.revert(row, number, by=request.user, today=timezone.now().date())
        except (ValueError, curation.CannotRevert) as refusal:
            return self._back(request, row, str(refusal), messages.ERROR)
        sentence = ngettext("%d field was set back.", "%d fields were set back.", len(fields))
        return self._back(request, row, sentence % len(fields))

    def take_out(self, request, pk):
        row = self._row(request, pk)
        if not isinstance(row, Group) or not request.user.has_perm("finder.add_tombstone"):
            raise PermissionDenied
        note = request.POST.get("take_out_note", "").strip()
        if not note:
            sentence = _("Say who asked, and how you know that they speak for the group.")
            return self._back(request, row, sentence, messages.ERROR)
        curation.take_out(row, by=request.user, today=timezone.now().date(), note=note[:300])
        return self._back(request, row, _("Taken out: no import brings this group back."))

    def _row(self, request, pk):
        row = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def _back(self, request, row, sentence, level=messages.SUCCESS):
        self.message_user(request, sentence, level)
        return HttpResponseRedirect(self._address("change", row))

    def _address(self, tool, row):
        return reverse(f"admin:finder_{self.opts.model_name}_{tool}", args=[row.pk])


def unlock(lock: FieldLock, *, by, today):
    """Let a field go; returns what to tell."""
    curation.unlock([lock])
    return _("Unlocked: the next import writes this field.")


def keep_ours(lock: FieldLock, *, by, today):
    """Settle a conflict for our value; returns what to tell."""
    curation.keep_ours([lock])
    return _("Kept as it is.")


def take_theirs(lock: FieldLock, *, by, today):
    """Settle a conflict for the feed; returns what to tell."""
    if curation.take_theirs(lock, by=by, today=today):
        return _("The feed's value stands now.")
    return _("Unlocked: the next import writes the feed's value.")


DECISIONS = {"_unlock": unlock, "_keep": keep_ours, "_take": take_theirs}
