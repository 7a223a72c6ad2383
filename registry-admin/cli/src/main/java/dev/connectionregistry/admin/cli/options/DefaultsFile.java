package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.options.OperatorDefaults.Name;
import dev.connectionregistry.admin.common.ServerAddress;
import dev.connectionregistry.admin.common.SimilarNames;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The operator's file of defaults. Each line is {@code NAME = VALUE}, or {@code NAME@HOST:PORT = VALUE} for one server
 * or for each host of a cluster; lines that begin with {@code #} are comments. There is no escaping. A problem never
 * repeats a value, since that may be a password. Immutable.
 *
 * @param entries the contents of the lines
 * @param problems why the file can't be used; empty if it can
 * @param warning what is wrong with the file although it can be used
 */
record DefaultsFile(List<Entry> entries, List<String> problems, Optional<String> warning) {
    static final DefaultsFile NONE = new DefaultsFile(List.of(), List.of(), Optional.empty());

    private static final long LARGEST = 65_536;

    /**
     * The content of a line.
     *
     * @param name the option
     * @param server the server that it applies to, in the form of {@link ServerAddress}; empty for all
     * @param value the value, which has been checked
     * @param line its number, from 1
     */
    record Entry(Name name, Optional<String> server, String value, int line) {
        private boolean isSame(Entry other) {
            return name == other.name && server.equals(other.server);
        }
    }

    /**
     * Reads the file at {@code place}. A missing file has no entries, and is a problem only if it is {@code required}.
     */
    static DefaultsFile read(Path place, boolean required) {
        try {
            Set<PosixFilePermission> rights = rights(place);
            if (rights.contains(PosixFilePermission.GROUP_WRITE) || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
                return unusable(place
                        + " is writable by others, who could choose which server gets which password; run chmod"
                        + " 600 " + place);
            }
            if (!Files.isRegularFile(place) || Files.size(place) > LARGEST) {
                return unusable(place + " is not a regular file of at most " + LARGEST + " bytes");
            }
            boolean open =
                    rights.contains(PosixFilePermission.GROUP_READ) || rights.contains(PosixFilePermission.OTHERS_READ);
            return parse(place.toString(), Files.readAllLines(place))
                    .with(
                            open
                                    ? Optional.of(place
                                            + " is readable by others, who can see where passwords are kept; run chmod"
                                            + " 600 " + place)
                                    : Optional.empty());
        } catch (NoSuchFileException e) {
            return required ? unreadable(place, e) : NONE;
        } catch (CharacterCodingException e) {
            return unusable(place + " is not UTF-8");
        } catch (IOException e) {
            return unreadable(place, e);
        }
    }

    /** Empty if the file system has no such permissions. */
    private static Set<PosixFilePermission> rights(Path place) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(place, PosixFileAttributeView.class);
        if (view != null) {
            return view.readAttributes().permissions();
        }
        long unused = Files.size(place); // throws if the file doesn't exist
        assert unused >= 0;
        return Set.of();
    }

    private static DefaultsFile unreadable(Path place, IOException cause) {
        return unusable(
                String.valueOf(FileProblems.of("can't read", place, cause).getMessage()));
    }

    private static DefaultsFile unusable(String problem) {
        return new DefaultsFile(List.of(), List.of(problem), Optional.empty());
    }

    private DefaultsFile with(Optional<String> other) {
        return new DefaultsFile(entries, problems, other);
    }

    /** Parses lines; {@code place} is for messages. */
    static DefaultsFile parse(String place, List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (int index = 0; index < lines.size(); index++) {
            String line = lines.get(index).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            try {
                for (Entry entry : entries(line, index + 1)) {
                    if (entries.stream().anyMatch(entry::isSame)) {
                        throw new InvalidSettingsException("'" + key(line) + "' is given twice");
                    }
                    entries.add(entry);
                }
            } catch (InvalidSettingsException e) {
                String where = place + ", line " + (index + 1) + ": ";
                e.problems().forEach(problem -> problems.add(where + problem));
            }
        }
        return new DefaultsFile(List.copyOf(entries), List.copyOf(problems), Optional.empty());
    }

    private static String key(String line) {
        int equals = line.indexOf('=');
        return (equals < 0 ? line : line.substring(0, equals)).strip();
    }

    /** The entries of one line: one for each host. */
    private static List<Entry> entries(String line, int number) {
        if (line.indexOf('=') <= 0) {
            throw new InvalidSettingsException("there is no '='; write NAME = VALUE");
        }
        String key = key(line);
        int at = key.indexOf('@');
        String option = at < 0 ? key : key.substring(0, at);
        if (key.chars().anyMatch(Character::isWhitespace) || option.indexOf(':') >= 0) {
            throw new InvalidSettingsException(
                    "the text before the '=' (not repeated here, it may be a password) is not a name; write NAME ="
                            + " VALUE");
        }
        Name name = name(option);
        List<String> servers = at < 0 ? List.of() : servers(name, key.substring(at + 1));
        String value = line.substring(line.indexOf('=') + 1).strip();
        if (value.isEmpty()) {
            throw new InvalidSettingsException("'" + key + "' has no value");
        }
        name.check(value);
        return servers.isEmpty()
                ? List.of(new Entry(name, Optional.empty(), value, number))
                : servers.stream()
                        .map(server -> new Entry(name, Optional.of(server), value, number))
                        .toList();
    }

    private static Name name(String text) {
        List<String> known = Stream.of(Name.values()).map(Name::toString).toList();
        return Stream.of(Name.values())
                .filter(name -> name.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidSettingsException("there is no '" + text + "'"
                        + SimilarNames.to(text, known).stream()
                                .findFirst()
                                .map(meant -> "; did you mean '" + meant + "'?")
                                .orElse("; the names are " + String.join(", ", known))));
    }

    private static List<String> servers(Name name, String text) {
        if (!name.isLogin()) {
            throw new InvalidSettingsException("'" + name + "' is the same for all servers; leave out '@" + text + "'");
        }
        if (text.indexOf('/') >= 0) {
            throw new InvalidSettingsException("'" + text + "' is not a server; write HOST:PORT");
        }
        return Endpoint.parse(text, "any").each().stream()
                .map(ServerAddress::of)
                .toList();
    }
}
