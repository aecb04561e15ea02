"""Everything that this package raises. A verdict is never raised, and an error is never a verdict.

GradewireError
└── ExtractorError
    ├── PolicyError      a policy that cannot be used
    └── ReferenceError_  the item's reference is empty or has no answer in it: nothing can be graded against
    it
"""


class GradewireError(Exception):
    """The root of all errors of Gradewire's packages."""


class ExtractorError(GradewireError):
    """Something this package was asked cannot be done."""


class PolicyError(ExtractorError):
    """A policy that cannot be used; the message names the field."""


class ReferenceError_(ExtractorError):  # noqa: N801  # the name that callers catch
    """The reference cannot be graded against: it is empty, or no answer can be found in it.

    An error about the item, not about a response to it. (The underscore keeps Python's own
    `ReferenceError` out of the way.)
    """
