package dev.connectionregistry.admin.cli.preflight;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Preflight;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import java.util.Iterator;

/** The names of preflight's checks, for shell completion; creates nothing until the names are requested. */
public final class CheckNames implements Iterable<String> {
    private final Provider<Preflight> preflight;

    @Inject
    CheckNames(Provider<Preflight> preflight) {
        this.preflight = preflight;
    }

    @Override
    public Iterator<String> iterator() {
        return preflight.get().all().stream().map(About::name).sorted().iterator();
    }
}
