"""Requests by their key, in memory."""

from dataclasses import replace

from fake_state import State


class FakeKeyedRequests:
    def __init__(self, state: State) -> None:
        self._requests = state.keyed_requests

    def get(self, key):
        return self._requests.get(key)

    def add(self, request):
        if request.key in self._requests:
            return False
        self._requests[request.key] = request
        return True

    def answer(self, key, answer):
        if key in self._requests:
            self._requests[key] = replace(self._requests[key], answer=answer)

    def delete(self, key):
        self._requests.pop(key, None)

    def delete_older(self, than):
        for key in [key for key, each in self._requests.items() if each.claimed_at < than]:
            del self._requests[key]
