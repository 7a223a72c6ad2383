package dev.connectionregistry.cloudformation.template;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A template of CloudFormation, as it is written: {@code !Sub x} is {@code {Fn::Sub: x}}. A key that is there twice is an error.
 * Immutable as long as nobody changes the maps.
 *
 * @param file where it was read
 * @param content all of it
 */
public record Template(Path file, Map<String, Object> content) {
    /** Reads a file of {@code infra}. */
    public static Template read(String name) {
        Path file = Path.of(System.getProperty("infra.folder", "..")).resolve(name);
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(file)) {
            return new Template(file, map(new Yaml(new Tags(options)).load(reader)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A section, such as {@code Resources}; empty if there is none. */
    public Map<String, Object> section(String name) {
        return map(content.getOrDefault(name, Map.of()));
    }

    /** What CloudFormation would make of it with these parameters. */
    public Stack deploy(Map<String, String> parameters) {
        return new Stack(this, parameters);
    }

    /** A mapping of YAML. */
    @SuppressWarnings("unchecked") // keys of a template are texts
    public static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** Takes {@code !Name value} for {@code {Fn::Name: value}}. */
    private static final class Tags extends SafeConstructor {
        Tags(LoaderOptions options) {
            super(options);
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    String name = node.getTag().getValue().substring(1);
                    String key = name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
                    return Map.of(key, untagged(node));
                }
            });
        }

        private Object untagged(Node node) {
            if (node instanceof ScalarNode scalar) {
                return scalar.getValue();
            } else if (node instanceof SequenceNode sequence) {
                return constructSequence(sequence);
            }
            return constructMapping((MappingNode) node);
        }
    }
}
