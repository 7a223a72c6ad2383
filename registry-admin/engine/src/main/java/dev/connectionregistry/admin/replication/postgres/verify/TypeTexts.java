package dev.connectionregistry.admin.replication.postgres.verify;

import dev.connectionregistry.admin.replication.postgres.verify.TypeTexts.TypeFacts.Field;
import dev.connectionregistry.admin.server.Sql;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a value of a type becomes a text that depends only on the value. Most types' own texts do, given the settings
 * that {@link PostgresTableSide} makes; those of floating-point numbers changed with Postgres 12, and those of money
 * follow the locale. Types that are built from these, or that belong to an extension, are taken apart, down to their
 * binary form. Pure.
 */
final class TypeTexts {
    /** Types whose own text can't be used; their binary form is the same on every server. */
    private static final Set<String> FRAGILE =
            Set.of("float4", "float8", "money", "point", "lseg", "path", "box", "polygon", "line", "circle");

    private final Map<Long, TypeFacts> types;

    TypeTexts(Map<Long, TypeFacts> types) {
        this.types = Map.copyOf(types);
    }

    /** How the text is made, as a word that can be compared between two servers. */
    String form(long oid) {
        TypeFacts type = types.get(oid);
        if (type == null) {
            return "text";
        }
        return switch (shape(type)) {
            case DOMAIN -> form(type.base());
            case BINARY -> "binary";
            case ARRAY -> "array of " + form(type.element());
            case COMPOSITE ->
                type.fields().stream()
                        .map(each -> each.name() + " " + form(each.type()))
                        .collect(Collectors.joining(", ", "(", ")"));
            case TEXT -> "text";
        };
    }

    /** SQL for the text of {@code value}, null for null. */
    String text(String value, long oid) {
        return text(value, oid, 0);
    }

    private String text(String value, long oid, int depth) {
        TypeFacts type = types.get(oid);
        Shape shape = type == null ? Shape.TEXT : shape(type);
        if (type == null || shape == Shape.TEXT) {
            return "(" + value + ")::pg_catalog.text";
        }
        return switch (shape) {
            case DOMAIN -> text("(" + value + ")::" + name(type.base()), type.base(), depth);
            case ARRAY -> array(value, type, depth);
            case COMPOSITE -> composite(value, type, depth);
            default -> "encode(" + type.send().orElseThrow() + "(" + value + "), 'hex')";
        };
    }

    private String name(long oid) {
        TypeFacts type = types.get(oid);
        return type == null ? "pg_catalog.text" : type.name();
    }

    /** Includes the bounds, since {@code [1:2]={..}} and {@code [0:1]={..}} are not the same. */
    private String array(String value, TypeFacts type, int depth) {
        String element = "e" + depth;
        return String.format(Locale.ROOT, """
                CASE WHEN %1$s IS NOT NULL THEN coalesce(array_dims(%1$s), '') || (
                  SELECT coalesce(string_agg(quote_nullable(%2$s), ','), '')
                  FROM (SELECT unnest(%1$s) AS %3$s) AS u%4$s
                ) END""", value, text(element, type.element(), depth + 1), element, depth);
    }

    /** A row of nulls is a different value from null, although both are {@code IS NULL}. */
    private String composite(String value, TypeFacts type, int depth) {
        String fields = type.fields().stream()
                .map(each -> field(value, each, depth))
                .collect(Collectors.joining(" || ',' || "));
        String inside = fields.isEmpty() ? "''" : fields;
        return "CASE WHEN " + value + " IS DISTINCT FROM NULL THEN '(' || " + inside + " || ')' END";
    }

    private String field(String value, Field field, int depth) {
        String part = "(" + value + ")." + Sql.identifier(field.name());
        return "quote_nullable(" + text(part, field.type(), depth + 1) + ")";
    }

    private enum Shape {
        TEXT,
        BINARY,
        DOMAIN,
        ARRAY,
        COMPOSITE
    }

    private Shape shape(TypeFacts type) {
        if (!fragile(type.oid())) {
            return Shape.TEXT;
        }
        if (type.kind().equals("d")) {
            return Shape.DOMAIN;
        }
        if (type.array()) {
            return Shape.ARRAY;
        }
        return type.kind().equals("c") ? Shape.COMPOSITE : type.send().isPresent() ? Shape.BINARY : Shape.TEXT;
    }

    private boolean fragile(long oid) {
        @Nullable TypeFacts type = types.get(oid);
        if (type == null) {
            return false;
        }
        return switch (type.kind()) {
            case "d" -> fragile(type.base());
            case "c" -> type.fields().stream().anyMatch(each -> fragile(each.type()));
            case "r", "m" -> fragile(type.bound());
            case "b" -> type.array() ? fragile(type.element()) : type.builtIn() ? FRAGILE.contains(type.name()) : true;
            default -> false;
        };
    }

    /**
     * A type, as in the catalog.
     *
     * @param oid its oid
     * @param name its name, quoted where needed, with its schema unless that is the system's
     * @param kind the catalog's {@code typtype}
     * @param builtIn whether every server has it
     * @param array whether it is a true array
     * @param element the element type of an array
     * @param base the base type of a domain
     * @param bound the type of a range's bounds
     * @param send the function that gives its values in binary, as it is written in SQL
     * @param fields the fields of a composite type, by name
     */
    record TypeFacts(
            long oid,
            String name,
            String kind,
            boolean builtIn,
            boolean array,
            long element,
            long base,
            long bound,
            Optional<String> send,
            List<Field> fields) {
        /** A part of a composite type. */
        record Field(String name, long type) {}
    }
}
