package dev.connectionregistry.admin.replication.setup;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class Silent implements SetupTalk {
    final List<String> said = new ArrayList<>();

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
