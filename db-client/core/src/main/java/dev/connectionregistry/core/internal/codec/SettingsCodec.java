package dev.connectionregistry.core.internal.codec;

import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings as a document of plain values (strings, whole numbers, booleans, maps), and back. The only place that knows
 * the attributes' names; the table, the snapshot file, exports and {@code --output json} all store this document.
 *
 * <p>Durations are whole milliseconds with the unit in the name. Attributes that this release doesn't know are kept. A
 * newer {@link #FORMAT} and a literal password are refused.
 */
public final class SettingsCodec {
    /** The layout this release writes, and the newest it reads. */
    public static final int FORMAT = 1;

    /** The hosts, if there are several. Earlier releases ignore this attribute and use the first host. */
    private static final String HOSTS = "hosts";
    /**
     * Part of a transition. An earlier release ignores it: it looks for signals on the target, and finds none if that
     * is a standby.
     */
    private static final String SIGNAL_SERVER = "signalServer";
    /**
     * Written together with the role {@code any}: earlier releases don't know {@code prefer-standby} and use any
     * server.
     */
    private static final String PREFER_STANDBY = "preferStandby";

    private static final Set<String> KNOWN = Set.of(
            "format",
            "database",
            "version",
            "endpoint",
            "username",
            "passwordRef",
            "role",
            PREFER_STANDBY,
            "pool",
            "pollIntervalMillis",
            "normalPollIntervalMillis",
            "properties",
            "changedBy",
            "changedAt",
            "reason",
            "removed",
            "transition",
            "reportPartitions");

    private static final Map<String, Set<String>> KNOWN_WITHIN = Map.of(
            "endpoint",
            Set.of("host", "port", HOSTS, "databaseName"),
            "pool",
            Set.of(
                    "maximumSize",
                    "minimumIdle",
                    "connectionTimeoutMillis",
                    "idleTimeoutMillis",
                    "maxLifetimeMillis",
                    "keepaliveTimeMillis",
                    "validationTimeoutMillis",
                    "drainGraceMillis",
                    "leakDetectionThresholdMillis"));

    /** Such as {@code switch 44}; 18 digits always fit into a long. */
    private static final Pattern COMMITMENT = Pattern.compile("([a-z]+) ([1-9][0-9]{0,17})");

    private static final Set<String> SECRETS = Set.of("password", "passwd", "pwd", "pgpassword", "sslpassword");

    private SettingsCodec() {}

    /** Makes the document of a version; a new, ordered, mutable map. */
    public static Map<String, Object> toDocument(VersionedSettings versioned) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("format", (long) FORMAT);
        document.put("database", versioned.database().value());
        document.put("version", versioned.version());
        document.putAll(toDocument(versioned.settings()));
        document.put("changedBy", versioned.change().by());
        document.put("changedAt", versioned.change().at().toString());
        document.put("reason", versioned.change().reason());
        if (versioned.removed()) {
            document.put("removed", true);
        }
        versioned.transition().ifPresent(transition -> document.put("transition", transition(transition)));
        if (versioned.reportPartitions() > 1) {
            document.put("reportPartitions", (long) versioned.reportPartitions());
        }
        versioned.unknown().forEach((name, value) -> addUnknown(document, name, value));
        return document;
    }

    private static Map<String, Object> transition(Transition transition) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", transition.id());
        document.put("phase", transition.phase().toString());
        document.put("holdBudgetMillis", transition.holdBudget().toMillis());
        document.put("target", toDocument(transition.target()));
        if (!transition.commitments().isEmpty()) {
            Map<String, Object> commitments = new LinkedHashMap<>();
            transition
                    .commitments()
                    .forEach(each -> commitments.put(each.kind() + " " + each.version(), each.digest()));
            document.put("commitments", commitments);
        }
        transition.signalServer().ifPresent(server -> document.put(SIGNAL_SERVER, endpoint(server)));
        return document;
    }

    /** Adds an attribute. If this release knows part of a map, adds the unknown part. Known attributes win. */
    private static void addUnknown(Map<String, Object> document, String name, Object value) {
        if (document.get(name) instanceof Map<?, ?> known && value instanceof Map<?, ?> more) {
            Map<Object, Object> both = new LinkedHashMap<>(known);
            more.forEach(both::putIfAbsent);
            document.put(name, both);
        } else {
            document.putIfAbsent(name, value);
        }
    }

    /** Makes the document of settings without a version; a new, ordered, mutable map. */
    public static Map<String, Object> toDocument(ConnectionSettings settings) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("endpoint", endpoint(settings.endpoint()));
        document.put("username", settings.username());
        document.put("passwordRef", settings.password().toString());
        boolean preferStandby = settings.role() == ServerRole.PREFER_STANDBY;
        document.put("role", (preferStandby ? ServerRole.ANY : settings.role()).toString());
        if (preferStandby) {
            document.put(PREFER_STANDBY, true);
        }
        document.put("pool", pool(settings.pool()));
        document.put("pollIntervalMillis", settings.polling().interval().toMillis());
        settings.polling().normal().ifPresent(normal -> document.put("normalPollIntervalMillis", normal.toMillis()));
        document.put("properties", new LinkedHashMap<String, Object>(settings.properties()));
        return document;
    }

    private static Map<String, Object> endpoint(Endpoint endpoint) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("host", endpoint.host());
        document.put("port", (long) endpoint.port());
        List<Host> hosts = endpoint.hosts();
        if (hosts.size() > 1) {
            document.put(HOSTS, hosts.stream().map(Host::toString).toList());
        }
        document.put("databaseName", endpoint.databaseName());
        return document;
    }

    private static Map<String, Object> pool(PoolSettings pool) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("maximumSize", (long) pool.maximumSize());
        document.put("minimumIdle", (long) pool.minimumIdle());
        document.put("connectionTimeoutMillis", pool.connectionTimeout().toMillis());
        document.put("idleTimeoutMillis", pool.idleTimeout().toMillis());
        document.put("maxLifetimeMillis", pool.maxLifetime().toMillis());
        document.put("keepaliveTimeMillis", pool.keepaliveTime().toMillis());
        document.put("validationTimeoutMillis", pool.validationTimeout().toMillis());
        document.put("drainGraceMillis", pool.drainGrace().toMillis());
        if (!pool.leakDetectionThreshold().isZero()) {
            document.put(
                    "leakDetectionThresholdMillis",
                    pool.leakDetectionThreshold().toMillis());
        }
        return document;
    }

    /**
     * Reads the version from a document.
     *
     * @throws InvalidSettingsException with everything that is missing, of the wrong kind or out of bounds, if the
     *     format is newer than {@link #FORMAT}, or if there is a literal password; each problem is one line, whatever the document says
     */
    public static VersionedSettings versioned(Map<String, ?> document) {
        try {
            return read(document);
        } catch (InvalidSettingsException e) {
            throw new InvalidSettingsException(
                    e.problems().stream().map(Printable::line).toList());
        }
    }

    private static VersionedSettings read(Map<String, ?> document) {
        checkFormat(document);
        Problems problems = new Problems();
        DocumentReader reader = new DocumentReader(document, "");
        DatabaseName database = problems.attempt(() -> new DatabaseName(reader.text("database", null)));
        Long version = problems.attempt(() -> reader.number("version", null));
        ConnectionSettings settings = problems.attempt(() -> settings(document));
        Change change = problems.attempt(() -> change(reader));
        Optional<Transition> transition = problems.attempt(() -> transition(reader));
        Boolean removed = problems.attempt(() -> reader.flag("removed"));
        Integer partitions = problems.attempt(() -> reader.integer("reportPartitions", 1));
        problems.throwIfAny();
        return new VersionedSettings(
                Objects.requireNonNull(database),
                Objects.requireNonNull(version),
                Objects.requireNonNull(settings),
                Objects.requireNonNull(change),
                Objects.requireNonNull(removed),
                Objects.requireNonNull(transition),
                Objects.requireNonNull(partitions),
                unknown(document));
    }

    private static Map<String, Object> unknown(Map<String, ?> document) {
        Map<String, Object> unknown = new TreeMap<>(document);
        unknown.keySet().removeAll(KNOWN);
        KNOWN_WITHIN.forEach((name, known) -> {
            if (document.get(name) instanceof Map<?, ?> map && !known.containsAll(map.keySet())) {
                Map<Object, Object> rest = new LinkedHashMap<>(map);
                rest.keySet().removeAll(known);
                unknown.put(name, rest);
            }
        });
        return unknown;
    }

    /** The result of reading {@code document} as the current settings of {@code database}. Never throws. */
    public static ReadResult readResult(DatabaseName database, Map<String, ?> document) {
        try {
            VersionedSettings settings = versioned(document);
            if (!settings.database().equals(database)) {
                throw new InvalidSettingsException("the item of '" + database + "' has the name '" + settings.database()
                        + "'; was it copied by hand?");
            }
            return settings.removed() ? new ReadResult.Absent(Optional.of(settings)) : new ReadResult.Found(settings);
        } catch (InvalidSettingsException e) {
            return new ReadResult.Malformed(version(document), String.valueOf(e.getMessage()));
        }
    }

    /** The version number in a document that may otherwise be unreadable; empty if there is none. */
    public static Optional<Long> version(Map<String, ?> document) {
        try {
            return Optional.of(new DocumentReader(document, "").number("version", null));
        } catch (InvalidSettingsException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the settings from a document. {@code role}, {@code pool}, {@code properties} and the poll interval have
     * defaults if they are missing.
     *
     * @throws InvalidSettingsException as for {@link #versioned}
     */
    public static ConnectionSettings settings(Map<String, ?> document) {
        checkFormat(document);
        Problems problems = new Problems();
        refuseSecrets(document, problems);
        DocumentReader reader = new DocumentReader(document, "");
        Endpoint endpoint = problems.attempt(() -> endpoint(reader.child("endpoint", true)));
        String username = problems.attempt(() -> reader.text("username", null));
        SecretRef password = problems.attempt(() -> SecretRef.parse(reader.text("passwordRef", null)));
        ServerRole role = problems.attempt(() -> role(reader));
        PoolSettings pool = problems.attempt(() -> pool(reader.child("pool", false)));
        Polling polling = problems.attempt(() -> polling(reader));
        Map<String, String> properties =
                problems.attempt(() -> reader.child("properties", false).texts());
        problems.throwIfAny();
        return new ConnectionSettings(
                Objects.requireNonNull(endpoint),
                Objects.requireNonNull(username),
                Objects.requireNonNull(password),
                Objects.requireNonNull(role),
                Objects.requireNonNull(pool),
                Objects.requireNonNull(polling),
                Objects.requireNonNull(properties));
    }

    private static void checkFormat(Map<String, ?> document) {
        long format = new DocumentReader(document, "").number("format", (long) FORMAT);
        if (format < 1) {
            throw new InvalidSettingsException("the settings have format " + format + "; formats begin with 1");
        }
        if (format > FORMAT) {
            throw new InvalidSettingsException("the settings have format " + format
                    + "; this release reads formats up to " + FORMAT + ": update it");
        }
    }

    /** Looks at any depth. {@link ConnectionSettings} refuses secrets among the driver properties. */
    private static void refuseSecrets(Map<?, ?> document, Problems problems) {
        document.forEach((key, value) -> {
            String name = String.valueOf(key);
            problems.require(
                    !SECRETS.contains(name.toLowerCase(Locale.ROOT)),
                    "attribute '" + name + "' holds a literal password; use passwordRef with " + SecretRef.FORMS);
            if (value instanceof Map<?, ?> map && !name.equals("properties")) {
                refuseSecrets(map, problems);
            }
        });
    }

    private static Change change(DocumentReader reader) {
        return new Change(reader.text("changedBy", "unknown"), reader.instant("changedAt"), reader.text("reason", ""));
    }

    private static Optional<Transition> transition(DocumentReader whole) {
        if (!whole.has("transition")) {
            return Optional.empty();
        }
        DocumentReader reader = whole.child("transition", true);
        return Optional.of(new Transition(
                reader.text("id", null),
                Transition.Phase.parse(reader.text("phase", null)),
                settings(reader.child("target", true).document()),
                Duration.ofMillis(reader.number("holdBudgetMillis", null)),
                commitments(reader.child("commitments", false).texts()),
                signalServer(reader)));
    }

    /** Signals only save time, so an unusable signal server is no reason to refuse the settings. */
    private static Optional<Endpoint> signalServer(DocumentReader transition) {
        try {
            return transition.has(SIGNAL_SERVER)
                    ? Optional.of(endpoint(transition.child(SIGNAL_SERVER, true)))
                    : Optional.empty();
        } catch (InvalidSettingsException e) {
            return Optional.empty();
        }
    }

    /**
     * Leaves out kinds that this release doesn't know: it learns of the versions that they announce by reading the
     * settings.
     */
    private static List<Commitment> commitments(Map<String, String> digests) {
        List<Commitment> commitments = new ArrayList<>();
        digests.forEach((kindAndVersion, digest) -> {
            Matcher matcher = COMMITMENT.matcher(kindAndVersion);
            if (matcher.matches()) {
                Commitment.Kind.named(matcher.group(1))
                        .ifPresent(kind ->
                                commitments.add(new Commitment(kind, Long.parseLong(matcher.group(2)), digest)));
            }
        });
        return commitments;
    }

    /** An earlier release that writes another role leaves this attribute unchanged; then the role counts. */
    private static ServerRole role(DocumentReader reader) {
        ServerRole role = ServerRole.parse(reader.text("role", "primary"));
        boolean preferStandby = reader.flag(PREFER_STANDBY);
        return preferStandby && role == ServerRole.ANY ? ServerRole.PREFER_STANDBY : role;
    }

    /** An earlier release that writes another host leaves the list of hosts unchanged; then the host counts. */
    private static Endpoint endpoint(DocumentReader reader) {
        String host = reader.text("host", null);
        long port = reader.number("port", null);
        String name = reader.text("databaseName", null);
        Endpoint first = new Endpoint(host, (int) Math.max(-1, Math.min(port, Integer.MAX_VALUE)), name);
        List<Host> hosts = reader.list(HOSTS).stream().map(Host::parse).toList();
        return !hosts.isEmpty() && hosts.get(0).equals(first.hosts().get(0)) ? new Endpoint(hosts, name) : first;
    }

    private static PoolSettings pool(DocumentReader reader) {
        PoolSettings standard = PoolSettings.DEFAULT;
        int maximumSize = reader.integer("maximumSize", standard.maximumSize());
        return new PoolSettings(
                maximumSize,
                reader.integer("minimumIdle", maximumSize),
                reader.millis("connectionTimeoutMillis", standard.connectionTimeout()),
                reader.millis("idleTimeoutMillis", standard.idleTimeout()),
                reader.millis("maxLifetimeMillis", standard.maxLifetime()),
                reader.millis("keepaliveTimeMillis", standard.keepaliveTime()),
                reader.millis("validationTimeoutMillis", standard.validationTimeout()),
                reader.millis("drainGraceMillis", standard.drainGrace()),
                reader.millis("leakDetectionThresholdMillis", standard.leakDetectionThreshold()));
    }

    private static Polling polling(DocumentReader reader) {
        Duration interval = reader.millis("pollIntervalMillis", Polling.DEFAULT.interval());
        return reader.has("normalPollIntervalMillis")
                ? new Polling(interval, Optional.of(reader.millis("normalPollIntervalMillis", interval)))
                : Polling.every(interval);
    }
}
