package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Timeouts;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * No time-out ends a copy. On the source {@code start} switches them off for the sessions that it causes, where the target's
 * subscriptions heed that; the target's workers have what is set for the subscription's owner.
 */
final class CopyTimeoutsCheck implements ServerCheck {
    private static final String VERSION = "SELECT current_setting('server_version_num')::int";

    @Override
    public About about() {
        return new About(
                "copy-timeouts",
                Group.SETTINGS,
                "A time-out ends the copy of a large table each time, and only a server's log says why.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        return judge(
                servers.source(),
                on(servers.source(), Timeouts.OF_SESSIONS),
                servers.target(),
                on(servers.target(), Timeouts.OF_WORKERS),
                Timeouts.areHeededInSubscriptions(servers.target().one(VERSION, row -> row.getInt(1))));
    }

    /** Those that are on for our role. */
    private static Map<String, Setting> on(Server server, List<String> names) throws ServerException {
        Map<String, Setting> found = new TreeMap<>(SettingSources.ofSession(server, names));
        found.values().removeIf(each -> each.value().equals("0"));
        return found;
    }

    static Finding judge(
            Server source,
            Map<String, Setting> ofSessions,
            Server target,
            Map<String, Setting> ofWorkers,
            boolean heeded) {
        List<String> wrong = new ArrayList<>();
        List<Remedy> remedies = new ArrayList<>();
        if (!heeded && !ofSessions.isEmpty()) {
            wrong.add(words(source, ofSessions) + " would end copies, and start can't switch that off, since"
                    + " subscriptions of this minor release of the target don't heed options");
            ofSessions.keySet().forEach(each -> remedies.add(off(source, each)));
        }
        if (!ofWorkers.isEmpty()) {
            wrong.add(words(target, ofWorkers) + " would end what the subscription's workers do");
            ofWorkers.keySet().forEach(each -> remedies.add(off(target, each)));
        }
        if (!wrong.isEmpty()) {
            return Finding.fail(String.join("; ", wrong), remedies);
        }
        return Finding.pass(
                ofSessions.isEmpty()
                        ? "none"
                        : words(source, ofSessions) + "; start switches that off for the sessions that it causes");
    }

    private static Remedy off(Server server, String name) {
        return server.isServices()
                ? server.give("")
                : Remedy.on(server.side(), SettingSources.off(server.login().username(), server, name));
    }

    private static String words(Server server, Map<String, Setting> settings) {
        return "on the " + server.side().word() + " "
                + settings.entrySet().stream()
                        .map(each -> each.getKey() + " of " + each.getValue().value() + " ms (from: "
                                + each.getValue().source() + ")")
                        .collect(Collectors.joining(", "));
    }
}
