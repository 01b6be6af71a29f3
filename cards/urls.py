"""The addresses of the deck, open to everybody."""

from django.urls import path

from cards import views

app_name = "cards"
urlpatterns = [
    path("", views.DeckPage.as_view(), name="deck"),
    path("print/", views.PrintPage.as_view(), name="print"),
    path("<slug:key>/", views.CardPage.as_view(), name="card"),
]
