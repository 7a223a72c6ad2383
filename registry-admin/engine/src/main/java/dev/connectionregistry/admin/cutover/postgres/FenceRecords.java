package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FencePlanCodec;
import dev.connectionregistry.admin.cutover.postgres.Backends.BackendId;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.FenceMark;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fence's record, at the end of the database's comment: which run put the fence up, what it changed, and which
 * sessions were there before. It is written and removed in the transactions that put the fence up and take it down, so
 * it is there exactly while the fence is up; and only the database's owner can write it. That is why a fence is taken
 * down by this record and not by the journal, which anyone who can write the table can forge.
 */
final class FenceRecords {
    private static final int LONGEST_RUN = 100;
    /**
     * The longest comment that is read: it has room for the largest plan with all of its sessions. The comment is read
     * while callers wait.
     */
    private static final int LONGEST = 1 << 20;

    private static final String COMMENT = """
            SELECT length(c), left(c, ?) FROM (SELECT coalesce(pg_catalog.shobj_description(oid, 'pg_database'), '') AS c
                FROM pg_catalog.pg_database WHERE datname = current_database() OFFSET 0) AS q
            """;

    private final Session session;

    FenceRecords(Session session) {
        this.session = session;
    }

    /**
     * A fence that is up.
     *
     * @param runId the run that put it up
     * @param plan what it changed
     * @param before the sessions that were there before it
     * @param kept whether it stays because the switch is done, so that no run takes it down
     */
    record FenceRecord(String runId, FencePlan plan, Set<BackendId> before, boolean kept) {
        FenceRecord {
            before = Set.copyOf(before);
        }

        /** The record of a fence that goes up now. */
        static FenceRecord of(String runId, FencePlan plan, Set<BackendId> before) {
            return new FenceRecord(runId, plan, before, false);
        }

        FenceRecord staying() {
            return new FenceRecord(runId, plan, before, true);
        }

        /** The text that is written into the comment. */
        String text() {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("run", runId);
            document.put("kept", kept);
            document.put("plan", FencePlanCodec.toDocument(plan));
            document.put(
                    "before", before.stream().map(BackendId::toString).sorted().toList());
            return FenceMark.RECORD + Json.line(document);
        }

        private static FenceRecord parse(String json) {
            if (Json.read(json) instanceof Map<?, ?> document
                    && document.get("run") instanceof String run
                    && run.length() <= LONGEST_RUN
                    && document.get("kept") instanceof Boolean kept
                    && document.get("plan") instanceof Map<?, ?> plan
                    && document.get("before") instanceof List<?> before) {
                Set<BackendId> sessions = before.stream()
                        .map(each -> BackendId.parse(String.valueOf(each)))
                        .collect(Collectors.toSet());
                return new FenceRecord(run, FencePlanCodec.plan(plan), sessions, kept);
            }
            throw new InvalidSettingsException("'run', 'kept', 'plan' or 'before' is missing or invalid");
        }
    }

    /**
     * The record in the comment; empty if there is none.
     *
     * @throws ServerException {@code NOT_SO} if there is one that can't be read, or that is another database's
     */
    Optional<FenceRecord> read(Deadline bound) throws SQLException, ServerException {
        Optional<String> json = record(comment(bound));
        if (json.isEmpty()) {
            return Optional.empty();
        }
        try {
            FenceRecord record = FenceRecord.parse(json.get());
            String here = session.login().endpoint().databaseName();
            if (!record.plan().database().equals(here)) {
                throw new InvalidSettingsException("it is of database "
                        + record.plan().database() + ", from which this one was copied or renamed");
            }
            return Optional.of(record);
        } catch (InvalidSettingsException e) {
            throw new ServerException(
                    Kind.NOT_SO,
                    "the comment of the database at " + session.login().endpoint()
                            + " holds the record of a fence that can't be used: " + e.getMessage()
                            + "; see 'A fence that has to be taken down by hand' in docs/cutover.md, then take the record"
                            + " out of the comment",
                    e);
        }
    }

    /** Adds the record to the comment, in place of any before it; in the caller's transaction. */
    void write(FenceRecord record, Deadline bound) throws SQLException, ServerException {
        String before = without(comment(bound));
        String text = before + (before.isEmpty() ? "" : "\n") + record.text();
        requireShort(text.length());
        setComment(text, bound);
    }

    /** Takes the record out of the comment, which is then as it was; in the caller's transaction. */
    void remove(Deadline bound) throws SQLException, ServerException {
        String comment = comment(bound);
        if (record(comment).isPresent()) {
            setComment(without(comment), bound);
        }
    }

    private String comment(Deadline bound) throws SQLException, ServerException {
        Comment comment =
                session.queryOne(bound, COMMENT, row -> new Comment(row.getLong(1), row.getString(2)), LONGEST);
        requireShort(comment.length());
        return comment.text();
    }

    private record Comment(long length, String text) {}

    private void requireShort(long length) throws ServerException {
        if (length > LONGEST) {
            throw new ServerException(
                    Kind.NOT_SO,
                    "the comment of the database at " + session.login().endpoint()
                            + " has, with the record of the fence, "
                            + length + " characters; the limit is " + LONGEST
                            + ". Shorten it (COMMENT ON DATABASE), except a line that begins"
                            + " with " + FenceMark.RECORD.strip(),
                    null);
        }
    }

    private void setComment(String text, Deadline bound) throws SQLException {
        String database = Sql.identifier(session.login().endpoint().databaseName());
        String comment = text.isEmpty() ? "NULL" : Sql.literal(text);
        session.execute(bound, "COMMENT ON DATABASE " + database + " IS " + comment);
    }

    /** The record's JSON in a comment. */
    private static Optional<String> record(String comment) {
        int at = comment.lastIndexOf(FenceMark.RECORD);
        return at < 0
                ? Optional.empty()
                : Optional.of(comment.substring(at + FenceMark.RECORD.length(), end(comment, at)));
    }

    /** The comment without its record, and without the line break that separates the two. */
    private static String without(String comment) {
        int at = comment.lastIndexOf(FenceMark.RECORD);
        if (at < 0) {
            return comment;
        }
        int start = at > 0 && comment.charAt(at - 1) == '\n' ? at - 1 : at;
        return comment.substring(0, start) + comment.substring(end(comment, at));
    }

    private static int end(String comment, int at) {
        int line = comment.indexOf('\n', at);
        return line < 0 ? comment.length() : line;
    }
}
