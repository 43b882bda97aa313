"""The library's logo, as it is kept: cleaned, so that whatever shows or exports it later has nothing to fear."""

from assessor.core.library_profile import LOGO_MEDIA, MAX_LOGO_BYTES
from assessor.errors import N_
from assessor.safe_pictures import UnsafePicture, clean_picture
from assessor.store import Store

_TOO_HEAVY = N_("it is larger than 200 kB; save it smaller")


def keep_logo(store: Store, library: str, content: bytes | None) -> None:
    """Keep a picture as the library's logo, or no logo where None; raises `UnsafePicture` and changes nothing then."""
    if content is None:
        store.profiles.remove_logo(library)
        return
    if len(content) > MAX_LOGO_BYTES:
        raise UnsafePicture(why=_TOO_HEAVY)
    picture = clean_picture(content)
    if len(picture.content) > MAX_LOGO_BYTES:
        raise UnsafePicture(why=_TOO_HEAVY)
    media = next(kind for kind in LOGO_MEDIA if kind == picture.media)
    store.profiles.set_logo(library, media, picture.content)
