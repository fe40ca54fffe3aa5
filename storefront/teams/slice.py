from storefront.kit.slices import MenuEntry, Slice
from storefront.teams import doorway, views

SLICE = Slice(
    "teams",
    blueprints=(views.blueprint,),
    records=(
        "team.made",
        "team.changed",
        "team.handed_over",
        "team.deleted",
        "member.invited",
        "member.joined",
        "member.changed",
        "member.left",
        "member.removed",
        "invitation.revoked",
    ),
    answers={"destination.words": doorway.team_at, "destination.email": doorway.email_at},
    menu=(
        MenuEntry(
            "account",
            "Workspaces",
            "teams.index",
            within=("teams.new", "teams.members", "teams.settings", "teams.show_member"),
        ),
    ),
)
