package dev.connectionregistry.settings;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One version of a database's settings, as stored in the registry. Every write creates a new version, one higher;
 * numbers are never reused, even after the database was removed and added again.
 *
 * @param database the name whose settings these are
 * @param version 1 or more
 * @param settings the content; for a removed database, its last content
 * @param change who wrote it, when and why
 * @param removed whether this version removes the database from the registry
 * @param transition the cutover that is under way; empty if the database is steady
 * @param reportPartitions over how many partition keys of the table the fleet's reports are spread, 1 to
 *     {@value #MOST_REPORT_PARTITIONS}
 * @param unknown attributes that this release doesn't know, as plain values (strings, numbers, lists, maps); kept
 *     unchanged in the next version
 */
public record VersionedSettings(
        DatabaseName database,
        long version,
        ConnectionSettings settings,
        Change change,
        boolean removed,
        Optional<Transition> transition,
        int reportPartitions,
        Map<String, Object> unknown) {

    /** As many as a fleet of that many thousand instances needs if all report within one second of a move. */
    public static final int MOST_REPORT_PARTITIONS = 64;

    /** At this limit, settings, a transition and what is stored with them stay far below the 400 KB of an item. */
    private static final int MOST_UNKNOWN = 32 * 1024;

    /**
     * Checks the version and copies the unknown attributes.
     *
     * @throws InvalidSettingsException if {@code version} is less than 1, a removed database has a transition, the
     *     partitions are out of bounds, or the unknown attributes have more than 32 KiB
     */
    public VersionedSettings {
        if (version < 1) {
            throw new InvalidSettingsException("version is " + version + "; it must be 1 or more");
        }
        if (removed && transition.isPresent()) {
            throw new InvalidSettingsException("a removed database can't have a transition");
        }
        if (reportPartitions < 1 || reportPartitions > MOST_REPORT_PARTITIONS) {
            throw new InvalidSettingsException("the number of report partitions is " + reportPartitions
                    + "; it must be 1 to " + MOST_REPORT_PARTITIONS);
        }
        int size = unknown.toString().length();
        if (size > MOST_UNKNOWN) {
            throw new InvalidSettingsException("the attributes that this release doesn't know have about " + size
                    + " characters together; allowed are " + MOST_UNKNOWN);
        }
        unknown = Collections.unmodifiableMap(new TreeMap<>(unknown));
    }

    /** With all reports under one partition key. */
    public VersionedSettings(
            DatabaseName database,
            long version,
            ConnectionSettings settings,
            Change change,
            boolean removed,
            Optional<Transition> transition,
            Map<String, Object> unknown) {
        this(database, version, settings, change, removed, transition, 1, unknown);
    }

    /** Version 1 of a database that was never in the registry. */
    public static VersionedSettings first(DatabaseName database, ConnectionSettings settings, Change change) {
        return new VersionedSettings(database, 1, settings, change, false, Optional.empty(), Map.of());
    }

    /** The next version, steady and with other content; brings back a removed database. */
    public VersionedSettings next(ConnectionSettings content, Change by) {
        return new VersionedSettings(
                database, version + 1, content, by, false, Optional.empty(), reportPartitions, unknown);
    }

    /**
     * The same content with a higher version; the numbers in between are skipped.
     *
     * @throws InvalidSettingsException if {@code higher} isn't above this version
     */
    public VersionedSettings lifted(long higher, Change by) {
        if (higher <= version) {
            throw new InvalidSettingsException(
                    "version " + higher + " isn't above version " + version + ", which is the current one");
        }
        return new VersionedSettings(database, higher, settings, by, removed, transition, reportPartitions, unknown);
    }

    /** The next version, which removes the database. */
    public VersionedSettings nextRemoved(Change by) {
        return new VersionedSettings(
                database, version + 1, settings, by, true, Optional.empty(), reportPartitions, unknown);
    }

    /** The next version, in which a cutover is under way; the settings don't change. */
    public VersionedSettings nextIn(Transition phase, Change by) {
        return new VersionedSettings(
                database, version + 1, settings, by, false, Optional.of(phase), reportPartitions, unknown);
    }

    /** The same version with the reports spread over this many partition keys. */
    public VersionedSettings withReportPartitions(int other) {
        return new VersionedSettings(database, version, settings, change, removed, transition, other, unknown);
    }

    /** The same version with these unknown attributes. */
    public VersionedSettings withUnknown(Map<String, Object> other) {
        return new VersionedSettings(database, version, settings, change, removed, transition, reportPartitions, other);
    }
}
