package dev.connectionregistry.admin.replication.plan;

import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a plan as YAML that a person may edit. Pure. */
public final class PlanWriter {
    private static final List<String> HEAD = List.of(
            "# How the tables of a database get to another server. registry-admin replication start follows it.",
            "#",
            "# You may edit:",
            "#   method   copy       the server copies the table, then it follows",
            "#            slices     the same in parts by a hash of its key, each over a slot of its own (both sides 15+);",
            "#                       with slices: N, the number of parts",
            "#            backfill   it follows from now on, and a person copies the existing rows",
            "#            leave-out  it isn't replicated",
            "#   the order of the tables, which is the order in which they are begun",
            "# Everything else is for information; start looks it up again. A table that isn't listed is refused by",
            "# start: write leave-out instead of taking it out.");

    private PlanWriter() {}

    /** The whole file. */
    public static String text(ReplicationPlan plan) {
        StringWriter text = new StringWriter();
        HEAD.forEach(line -> text.append(line).append('\n'));
        plan.facts().extensionTables().forEach((table, extension) -> text.append(
                        "# Not listed, since it belongs to extension ")
                .append(printable(extension))
                .append(": ")
                .append(printable(table.toString()))
                .append('\n'));
        try (YAMLGenerator generator = factory().createGenerator(text)) {
            write(plan, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("a string refused to be written to", e);
        }
        return text.toString();
    }

    /** A comment must end with its line, whatever a name contains. */
    private static String printable(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }

    private static YAMLFactory factory() {
        return YAMLFactory.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                .build();
    }

    private static void write(ReplicationPlan plan, YAMLGenerator generator) throws IOException {
        generator.writeStartObject();
        string(generator, "database", plan.database().value());
        string(generator, "source", plan.source().toString());
        string(generator, "target", plan.target().toString());
        generator.writeFieldName("tables");
        generator.writeStartArray();
        for (PlannedTable table : plan.tables()) {
            write(table, generator);
        }
        generator.writeEndArray();
        generator.writeEndObject();
    }

    private static void write(PlannedTable table, YAMLGenerator generator) throws IOException {
        generator.writeStartObject();
        string(generator, "schema", table.name().schema());
        string(generator, "table", table.name().name());
        string(generator, "method", table.method().word());
        if (table.method() == CopyMethod.SLICES) {
            generator.writeNumberField("slices", table.slices());
        }
        string(generator, "reason", table.reason());
        string(generator, "size", ByteSize.text(table.facts().bytes()));
        generator.writeNumberField("tuples", table.facts().tuples());
        string(generator, "writes", table.facts().writes().pattern().toString());
        string(generator, "identity", table.facts().identityText());
        if (!table.problem().isEmpty()) {
            string(generator, "problem", table.problem());
        }
        if (!table.note().isEmpty()) {
            string(generator, "note", table.note());
        }
        generator.writeEndObject();
    }

    /** Leaves out the quotes if the value has only letters. */
    private static void string(YAMLGenerator generator, String name, String value) throws IOException {
        generator.writeFieldName(name);
        generator.configure(YAMLGenerator.Feature.MINIMIZE_QUOTES, value.matches("[A-Za-z_][A-Za-z0-9_-]*"));
        generator.writeString(value);
    }
}
