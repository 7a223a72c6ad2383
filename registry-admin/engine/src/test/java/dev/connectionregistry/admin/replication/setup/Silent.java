package dev.connectionregistry.admin.replication.setup;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. Thread-safe. */
final class Silent implements SetupObserver {
    final List<String> said = new CopyOnWriteArrayList<>();

    boolean has(String text) {
        return said.stream().anyMatch(each -> each.contains(text));
    }

    @Override
    public void say(String text) {
        said.add(text);
    }

    @Override
    public void warn(String text) {
        said.add(text);
    }

    @Override
    public void progress(List<CopyProgress> copies) {}
}
