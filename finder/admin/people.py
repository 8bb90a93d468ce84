"""Accounts, for superusers: who may curate; clinics invite their own members elsewhere."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from finder.models import User

admin.site.register(User, UserAdmin)
