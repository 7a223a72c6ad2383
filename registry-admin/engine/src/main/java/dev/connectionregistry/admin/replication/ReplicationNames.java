package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.settings.DatabaseName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of what this program makes on a server: publications, subscriptions and slots of a database all begin with
 * the same words, so that they are found again without a record of them. Between two servers the names contain a digest
 * of both, so that two pairs of servers with a database of the same name, such as production and staging, share no
 * name. The same names serve both directions: the publication is on one server and the subscription on the other. What
 * earlier versions made, without a pair in its name, is recognised as well. Immutable.
 */
public final class ReplicationNames {
    private static final Pattern NOT_IN_A_SLOT = Pattern.compile("[^a-z0-9_]");
    private static final String SLICE = "(_t\\d+_s\\d+)?";
    private static final String PAIR = "_p[0-9a-f]{10}";
    private static final Pattern LIKE_OURS = Pattern.compile(".*(_t\\d+_s\\d+|" + PAIR + ")");
    /** Less than Postgres' limit of 63, so that a pair, {@code _t999_s255} and a table's digest have room. */
    private static final int LONGEST = 38;
    /** The same for the names of earlier versions. */
    private static final int LONGEST_EARLIER = 46;

    private static final int DIGEST = 8;
    private static final int PAIR_DIGEST = 10;

    private final String family;
    private final String earlier;
    /** Empty if the names of any pair are meant. */
    private final String pair;

    private final String main;

    private ReplicationNames(String family, String earlier, String pair, String main) {
        this.family = family;
        this.earlier = earlier;
        this.pair = pair;
        this.main = main;
    }

    /**
     * The names for {@code database} between any servers: recognises those of every pair. Two databases never share
     * names, even if their own names are long or contain characters that a slot's name may not have.
     */
    public static ReplicationNames of(DatabaseName database) {
        String name = database.value();
        String earlier = base(name, LONGEST_EARLIER, String.format(Locale.ROOT, "%08x", name.hashCode()));
        return new ReplicationNames(base(name, LONGEST, digest(name, DIGEST)), earlier, "", "");
    }

    /**
     * The database's own name if a slot may have it, otherwise with a digest; never one that looks like that of a slice
     * or pair.
     */
    private static String base(String database, int longest, String digest) {
        String plain = "registry_" + NOT_IN_A_SLOT.matcher(database).replaceAll("_");
        boolean same = plain.equals("registry_" + database)
                && plain.length() <= longest
                && !LIKE_OURS.matcher(plain).matches();
        return same ? plain : plain.substring(0, Math.min(plain.length(), longest - DIGEST - 1)) + "_" + digest;
    }

    private static String digest(String text, int digits) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The names between these two servers, in either direction. */
    public ReplicationNames between(PostgresIdentity one, PostgresIdentity other) {
        String both = String.join(
                "\n",
                Stream.of(one, other).map(PostgresIdentity::lasting).sorted().toList());
        String pair = family + "_p" + digest(both, PAIR_DIGEST);
        return new ReplicationNames(family, earlier, pair, pair);
    }

    /**
     * The names between these two servers, or those of an earlier version if that began the replication. A subscription
     * on one of the two shows that or, if none is left, publications on both.
     */
    public ReplicationNames between(
            PostgresIdentity one,
            PostgresIdentity other,
            Collection<String> subscriptions,
            Collection<String> publications,
            Collection<String> otherPublications) {
        boolean both = publications.contains(earlier) && otherPublications.contains(earlier);
        boolean begun = subscriptions.stream().anyMatch(this::isEarlier) || both;
        ReplicationNames between = between(one, other);
        return begun ? new ReplicationNames(family, earlier, between.pair, earlier) : between;
    }

    /** The default name of the slot for the way back that a cutover makes. */
    public String namedWayBack() {
        return pair;
    }

    /** The publication, the subscription and the slot of all tables that are copied whole, or not at all. */
    public String main() {
        if (main.isEmpty()) {
            throw new IllegalStateException("names without a pair of servers are only for recognising");
        }
        return main;
    }

    /** The prefix of all names of the database, whatever the servers; for locks and for people. */
    public String family() {
        return family;
    }

    /** The name that earlier versions gave {@link #main}, and that an operator may still give for a slot. */
    public String earlier() {
        return earlier;
    }

    /** The names under which the slot for a way back is looked up, if the operator names none. */
    public List<String> wayBack() {
        return pair.isEmpty() ? List.of(earlier) : List.of(pair, earlier);
    }

    /**
     * The publication, the subscription and the slot of one slice of one table.
     *
     * @param table the table's index among the sliced tables of the plan, from 0
     * @param slice the slice's index, from 0
     */
    public String slice(int table, int slice) {
        return main() + "_t" + table + "_s" + slice;
    }

    /** Whether {@code name} is one of these, or of an earlier version; without a pair, whether it is one of any pair. */
    public boolean isOurs(String name) {
        return isEarlier(name) || (pair.isEmpty() ? isOfAnyPair(name) : name.matches(Pattern.quote(pair) + SLICE));
    }

    /** Whether {@code name} is one of this database's, between any servers. */
    public boolean isOfAnyPair(String name) {
        return isEarlier(name) || name.matches(Pattern.quote(family) + PAIR + SLICE);
    }

    /** The part of one of our names that identifies its pair of servers; the same for all slices. */
    public static String pairOf(String name) {
        return name.replaceFirst(SLICE + "$", "");
    }

    /** Whether an earlier version gave this name. */
    public boolean isEarlier(String name) {
        return name.matches(Pattern.quote(earlier) + SLICE);
    }
}
