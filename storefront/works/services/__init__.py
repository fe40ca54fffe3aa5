"""What can be done with works: making them, editing their items, publishing and cloning versions."""

from storefront.works.services.files import TooManyFiles, check_room_for_file, put_file, put_picture
from storefront.works.services.imports import import_items
from storefront.works.services.items import (
    CharactersMissing,
    StaleItem,
    add_item,
    delete_item,
    duplicate_item,
    relationships_lost,
    revision_of,
    save_item,
)
from storefront.works.services.places import WorkFull, WrongPlace, move_beside, move_item, step_item
from storefront.works.services.undos import use_undo
from storefront.works.services.versions import NothingToPublish, clone_version, publish_version, restore_version
from storefront.works.services.works import (
    WorkNeeded,
    delete_work,
    make_work,
    needed_for,
    rename_work,
    replace_items,
)

__all__ = [
    "CharactersMissing",
    "NothingToPublish",
    "StaleItem",
    "TooManyFiles",
    "WorkFull",
    "WorkNeeded",
    "WrongPlace",
    "add_item",
    "check_room_for_file",
    "clone_version",
    "delete_item",
    "delete_work",
    "duplicate_item",
    "import_items",
    "make_work",
    "move_beside",
    "move_item",
    "needed_for",
    "publish_version",
    "put_file",
    "put_picture",
    "relationships_lost",
    "rename_work",
    "replace_items",
    "restore_version",
    "revision_of",
    "save_item",
    "step_item",
    "use_undo",
]
