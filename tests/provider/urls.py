"""The provider's addresses: signing in, and OpenID Connect."""

from django.urls import include, path

urlpatterns = [path("account/", include("allauth.account.urls")), path("", include("allauth.idp.urls"))]
