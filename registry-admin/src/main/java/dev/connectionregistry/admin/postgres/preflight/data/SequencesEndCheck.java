package dev.connectionregistry.admin.postgres.preflight.data;

import dev.connectionregistry.admin.postgres.preflight.ground.Catalog;
import dev.connectionregistry.admin.postgres.preflight.ground.Names;
import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** No sequence is near its end. */
final class SequencesEndCheck implements ServerCheck {
    private static final int WARN_PERCENT = 75;
    private static final int FAIL_PERCENT = 95;
    private static final String SEQUENCES = "SELECT " + Catalog.NAME + ", s.seqincrement, s.seqmin, s.seqmax,"
            + " CASE WHEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE')"
            + " THEN pg_catalog.pg_sequence_last_value(c.oid) END,"
            + " pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE'), coalesce(k.most, s.seqmax),"
            + " coalesce(k.what, 'the sequence')"
            + Catalog.relations(" JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid LEFT JOIN (SELECT d.objid,"
                    + " CASE a.atttypid WHEN 21 THEN 32767 ELSE 2147483647 END::bigint AS most,"
                    + " 'column ' || pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, NULL)"
                    + " AS what FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid"
                    + " AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_class'::regclass"
                    + " AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')"
                    + " AND a.atttypid IN (21, 23)) k ON k.objid = c.oid AND k.most <= s.seqmax")
            + " AND NOT s.seqcycle" + Catalog.ORDER;

    /** Where a sequence stands; {@code last} is null if it was never used. */
    record Position(
            String name,
            long increment,
            long least,
            long most,
            @Nullable Long last,
            String what) {
        /** How much of it is used, 0 to 100. */
        int percent() {
            if (last == null) {
                return 0;
            }
            double range = (double) most - least;
            double used = increment > 0 ? (double) last - least : (double) most - last;
            return range <= 0 ? 100 : (int) Math.min(100, 100 * used / range);
        }
    }

    @Override
    public About about() {
        return new About(
                "sequences-end",
                Group.DATA,
                "A sequence, or the integer column that it fills, that runs out stops every insert; better mended before the move.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> hidden = new ArrayList<>();
        List<Position> positions = servers.source().query(SEQUENCES, row -> {
            if (!row.getBoolean(6)) {
                hidden.add(row.getString(1));
            }
            return position(row);
        });
        return hidden.isEmpty()
                ? judge(positions)
                : Finding.unknown("role " + servers.source().role() + " may not read " + Names.some(hidden)
                        + "; see sequence-rights");
    }

    private static Position position(ResultSet row) throws SQLException {
        long last = row.getLong(5);
        boolean unused = row.wasNull();
        return new Position(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                Math.min(row.getLong(4), row.getLong(7)),
                unused ? null : last,
                row.getString(8));
    }

    static Finding judge(List<Position> positions) {
        List<Position> near = positions.stream()
                .filter(each -> each.percent() >= WARN_PERCENT)
                .sorted(Comparator.comparing(Position::percent).reversed())
                .toList();
        if (near.isEmpty()) {
            return Finding.pass(Names.count(positions.size(), "sequence") + ", none has used " + WARN_PERCENT
                    + " % of its numbers");
        }
        String message = Names.some(Names.each(
                near,
                each -> each.name() + " has used " + each.percent() + " % (" + each.last() + "; " + each.what() + ")"));
        Remedy advice =
                Remedy.advice("make column and sequence bigint on both servers (ALTER TABLE ... ALTER COLUMN ... TYPE"
                        + " bigint; ALTER SEQUENCE ... AS bigint); on the target this can be done before the copy");
        return near.get(0).percent() >= FAIL_PERCENT ? Finding.fail(message, advice) : Finding.warn(message, advice);
    }
}
