from django.db import migrations

from fieldlab.lib.rls import LINKED_PARTICIPANT_ID, SYSTEM_ACTS, AddPolicy, AppendOnly, EnableRowLevelSecurity, OwnersFunction, UpdateOnly

READABLE = "(SELECT readable_participants())"
REACHABLE = "(SELECT reachable_participants())"
REQUESTS = "(SELECT reachable_requests())"
TEAMS = "(SELECT acting_teams())"
ACTING = "(SELECT acting_user())"

READERS_MAY = f"{SYSTEM_ACTS} OR participant_id IN {READABLE}"
NOW_OPEN = "valid_from <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp())"
READABLE_BEFORE = f"""
            SELECT own_participants()
            UNION ALL
            SELECT participant_id FROM participants_participantaccess
            WHERE user_id = (SELECT acting_user())
              AND {NOW_OPEN}
            """


class Migration(migrations.Migration):
    dependencies = [("participants", "0004_first_talk"), ("initiatives", "0006_fill_search")]

    operations = [
        # Whoever brought somebody in or receives them sees how to reach them; for the rest they are not there.
        OwnersFunction(
            "readable_participants()",
            "SETOF uuid ROWS 50",
            f"""
            SELECT own_participants()
            UNION ALL
            SELECT participant_id FROM participants_participantaccess
            WHERE user_id = (SELECT acting_user()) AND reason NOT IN ('brought_in', 'receives')
              AND {NOW_OPEN}
            """,
            before=READABLE_BEFORE,
        ),
        OwnersFunction(
            "acting_teams()",
            "SETOF bigint ROWS 2",
            "SELECT initiative_id FROM initiatives_initiativemember WHERE user_id = (SELECT acting_user())",
        ),
        OwnersFunction(
            "reachable_participants()",
            "SETOF uuid ROWS 50",
            f"""
            SELECT own_participants()
            UNION ALL
            SELECT participant_id FROM participants_participantaccess
            WHERE (user_id = (SELECT acting_user()) OR initiative_id IN (SELECT acting_teams()))
              AND {NOW_OPEN}
            """,
        ),
        # What a professional of this district, or the team it came to, may call. No fixed district: all of them.
        OwnersFunction(
            "reachable_requests()",
            "SETOF uuid ROWS 50",
            """
            SELECT id FROM participants_callrequest
            WHERE initiative_id IN (SELECT acting_teams()) OR brought_by_id IN (SELECT acting_teams())
            UNION ALL
            SELECT request.id FROM participants_professional professional, participants_callrequest request
                JOIN areas_area area ON area.id = request.area_id
                LEFT JOIN areas_area above ON above.id = area.parent_id
            WHERE professional.user_id = (SELECT acting_user()) AND professional.ended_at IS NULL AND request.initiative_id IS NULL
              AND (
                NOT EXISTS (SELECT FROM participants_professional_areas theirs WHERE theirs.professional_id = professional.id)
                OR EXISTS (
                    SELECT FROM participants_professional_areas theirs
                    WHERE theirs.professional_id = professional.id AND theirs.area_id IN (area.id, above.id, above.parent_id)
                )
              )
            """,
        ),
        # When professionals and rooms are taken, and by nobody in particular: for whoever looks for a free time.
        OwnersFunction(
            "taken_times(since timestamptz, upto timestamptz)",
            "TABLE(professional_id bigint, room_id bigint, begins timestamptz, occupied tstzrange)",
            """
            SELECT professional_id, room_id, begins, occupied FROM participants_appointment
            WHERE status IN ('held', 'booked', 'came', 'missed') AND (status <> 'held' OR held_until > statement_timestamp())
              AND occupied && tstzrange(since, upto)
            """,
        ),
        # --- who: name and number are reached, the rest is read
        AddPolicy("participants_participant", "reached", "select", f"id IN {REACHABLE}"),
        AddPolicy("participants_participantkey", "reached", "select", f"participant_id IN {REACHABLE}"),
        AddPolicy("participants_participantaccess", "own_access", "select", f"(user_id = {ACTING} OR initiative_id IN {TEAMS}) AND {NOW_OPEN}"),
        EnableRowLevelSecurity("participants_brokenglass", select=READERS_MAY, insert=SYSTEM_ACTS, update=SYSTEM_ACTS),
        UpdateOnly("participants_brokenglass", "why"),
        EnableRowLevelSecurity("participants_brokenglassevent", select=READERS_MAY, insert="true"),
        AppendOnly("participants_brokenglassevent"),
        EnableRowLevelSecurity("participants_personalcode", select=READERS_MAY, insert=READERS_MAY, update=READERS_MAY, delete=SYSTEM_ACTS),
        # --- who is no participant yet
        EnableRowLevelSecurity(
            "participants_callrequest",
            select=f"{SYSTEM_ACTS} OR id = {LINKED_PARTICIPANT_ID} OR id IN {REQUESTS}",
            insert=f"{SYSTEM_ACTS} OR id = {LINKED_PARTICIPANT_ID} OR brought_by_id IN {TEAMS}",
            update=f"{SYSTEM_ACTS} OR id IN {REQUESTS}",
            delete=f"{SYSTEM_ACTS} OR id IN {REQUESTS}",
        ),
        EnableRowLevelSecurity(
            "participants_call",
            select=f"{SYSTEM_ACTS} OR request_id IN {REQUESTS} OR participant_id IN {READABLE}",
            insert=f"caller_id = {ACTING} AND (request_id IN {REQUESTS} OR participant_id IN {READABLE})",
            delete=f"{SYSTEM_ACTS} OR caller_id = {ACTING} OR request_id IN {REQUESTS}",
        ),
        # --- consent: whoever sits beside somebody may write down the answer
        EnableRowLevelSecurity(
            "participants_consent",
            select=READERS_MAY,
            insert=f"{SYSTEM_ACTS} OR participant_id IN {REACHABLE} OR may_set_up(participant_id)",
        ),
        AppendOnly("participants_consent"),
        # --- appointments: the team that booked for somebody sees what was agreed
        EnableRowLevelSecurity(
            "participants_appointment",
            select=f"{READERS_MAY} OR booked_for_id IN {TEAMS}",
            insert=f"{READERS_MAY} OR (booked_for_id IN {TEAMS} AND participant_id IN {REACHABLE})",
            update=f"{READERS_MAY} OR (booked_for_id IN {TEAMS} AND participant_id IN {REACHABLE})",
            delete=SYSTEM_ACTS,
        ),
        EnableRowLevelSecurity("participants_appointmentevent", select=READERS_MAY, insert="true"),
        AppendOnly("participants_appointmentevent"),
        EnableRowLevelSecurity(
            "participants_earlierwish",
            select=READERS_MAY,
            insert=READERS_MAY,
            update=READERS_MAY,
        ),
        # --- reports and plans
        EnableRowLevelSecurity("participants_intakereport", select=READERS_MAY, insert=READERS_MAY, update=READERS_MAY, delete=SYSTEM_ACTS),
        EnableRowLevelSecurity("participants_intakereportevent", select=READERS_MAY, insert="true"),
        AppendOnly("participants_intakereportevent"),
        EnableRowLevelSecurity(
            "participants_reportsentence", select=READERS_MAY, insert=READERS_MAY, update=READERS_MAY, delete=READERS_MAY
        ),
        EnableRowLevelSecurity("participants_intakereportversion", select=READERS_MAY, insert=READERS_MAY),
        AppendOnly("participants_intakereportversion"),
        EnableRowLevelSecurity("participants_goal", select=READERS_MAY, insert=READERS_MAY, update=READERS_MAY, delete=SYSTEM_ACTS),
        EnableRowLevelSecurity("participants_goalmark", select=READERS_MAY, insert=READERS_MAY, delete=SYSTEM_ACTS),
        EnableRowLevelSecurity("participants_planstep", select=READERS_MAY, insert=READERS_MAY, update=READERS_MAY, delete=SYSTEM_ACTS),
        EnableRowLevelSecurity("participants_planstepevent", select=READERS_MAY, insert="true"),
        AppendOnly("participants_planstepevent"),
        # What was asked of a team, its members see and answer; an answer by link is the platform's.
        EnableRowLevelSecurity(
            "participants_handover",
            select=f"{READERS_MAY} OR initiative_id IN {TEAMS}",
            insert=READERS_MAY,
            update=f"{READERS_MAY} OR initiative_id IN {TEAMS}",
            delete=SYSTEM_ACTS,
        ),
        EnableRowLevelSecurity("participants_handoverevent", select=READERS_MAY, insert="true"),
        AppendOnly("participants_handoverevent"),
        EnableRowLevelSecurity("participants_followup", select=READERS_MAY, insert=READERS_MAY, update=READERS_MAY, delete=READERS_MAY),
    ]
