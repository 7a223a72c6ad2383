package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Driver properties to set. */
public final class PropertyOptions {
    @Option(
            names = "--property",
            paramLabel = "K=V",
            description =
                    "a property of the Postgres driver, such as sslmode=verify-full; may be repeated; with nothing"
                            + " after the equals sign, the property is removed")
    private List<Converters.DriverProperty> properties = new ArrayList<>();

    /** Refuses what settings can't have, and what services would refuse, before anything is read. */
    public void check(AdminBounds bounds) {
        Set<String> names = new HashSet<>();
        for (Converters.DriverProperty property : properties) {
            if (!names.add(property.name())) {
                throw new InvalidSettingsException("driver property '" + property.name() + "' is given twice");
            }
        }
        Map<String, String> given = new TreeMap<>();
        properties.stream()
                .filter(property -> !property.value().isEmpty())
                .forEach(property -> given.put(property.name(), property.value()));
        Credentials.checkProperties(given);
        bounds.requireProperties(given);
    }

    /** The settings with these properties, and with their own other ones. */
    public ConnectionSettings applyTo(ConnectionSettings settings) {
        Map<String, String> all = new TreeMap<>(settings.properties());
        for (Converters.DriverProperty property : properties) {
            if (property.value().isEmpty()) {
                all.remove(property.name());
            } else {
                all.put(property.name(), property.value());
            }
        }
        return settings.withProperties(all);
    }
}
