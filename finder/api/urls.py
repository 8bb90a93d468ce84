"""The addresses of version 1 of the API."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from finder.api import downloads, views
from finder.api.base import NothingHere
from finder.api.map import MeetingMap

app_name = "api"
urlpatterns = [
    path("meetings/", views.MeetingList.as_view(), name="meetings"),
    path("meetings/<int:pk>/", views.MeetingDetail.as_view(), name="meeting"),
    path("meetings/download/<slug:kind>/", downloads.MeetingDownload.as_view(), name="download"),
    path("groups/", views.GroupList.as_view(), name="groups"),
    path("groups/<int:pk>/", views.GroupDetail.as_view(), name="group"),
    path("programs/", views.ProgramList.as_view(), name="programs"),
    path("programs/<slug:slug>/", views.ProgramDetail.as_view(), name="program"),
    path("map/", MeetingMap.as_view(), name="map"),
    path("facets/", views.FacetList.as_view(), name="facets"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path(r".*", NothingHere.as_view()),
]
