package dev.connectionregistry.admin.cutover.fence;

import dev.connectionregistry.admin.cutover.fence.FencePlan.FunctionRights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Grant;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Rights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.RoleDefault;
import dev.connectionregistry.admin.server.WritingFunction;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Plans of a fence as documents of plain values and back, for the journal and for the server. Strict: what isn't exactly a plan, or
 * has a part that this release doesn't know, is refused. Pure.
 */
public final class FencePlanCodec {
    private static final Set<String> KNOWN = Set.of(
            "kind",
            "database",
            "exemptRoles",
            "databaseDefault",
            "readOnlyRoles",
            "writingRoles",
            "connect",
            "functions");

    private FencePlanCodec() {}

    public static Map<String, Object> toDocument(FencePlan plan) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", plan.kind().name());
        document.put("database", plan.database());
        document.put("exemptRoles", plan.exemptRoles().stream().sorted().toList());
        plan.databaseDefault().ifPresent(text -> document.put("databaseDefault", text));
        document.put("readOnlyRoles", list(plan.readOnlyRoles(), FencePlanCodec::role));
        document.put("writingRoles", list(plan.writingRoles(), FencePlanCodec::role));
        plan.connect().ifPresent(rights -> document.put("connect", rights(rights)));
        document.put("functions", list(plan.functions(), FencePlanCodec::function));
        return document;
    }

    private static <T> List<Object> list(List<T> all, Function<T, Map<String, Object>> part) {
        return all.stream().<Object>map(part).toList();
    }

    private static Map<String, Object> role(RoleDefault role) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("role", role.role());
        role.before().ifPresent(text -> document.put("before", text));
        return document;
    }

    private static Map<String, Object> rights(Rights rights) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("wasDefault", rights.wasDefault());
        document.put("taken", list(rights.taken(), FencePlanCodec::grant));
        document.put("given", rights.given());
        return document;
    }

    private static Map<String, Object> grant(Grant grant) {
        Map<String, Object> document = new LinkedHashMap<>();
        grant.role().ifPresent(role -> document.put("role", role));
        document.put("grantable", grant.grantable());
        return document;
    }

    private static Map<String, Object> function(FunctionRights function) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("function", function.function().name());
        document.putAll(rights(function.rights()));
        return document;
    }

    /**
     * The plan that a document stands for.
     *
     * @throws InvalidSettingsException if it isn't one, naming the attribute
     */
    public static FencePlan plan(Map<?, ?> document) {
        if (document.containsKey("up") || document.containsKey("down")) {
            throw wrong(
                    "is a list of statements, as an earlier release wrote it, and those are never executed; take that"
                            + " fence down by hand as docs/cutover.md says under 'A fence of an earlier release'");
        }
        Part part = new Part(document);
        part.requireOnly(KNOWN);
        return new FencePlan(
                part.named(FenceKind.class, "kind"),
                part.text("database"),
                Set.copyOf(part.texts("exemptRoles")),
                part.textIfAny("databaseDefault"),
                part.parts("readOnlyRoles", FencePlanCodec::role),
                part.parts("writingRoles", FencePlanCodec::role),
                part.part("connect").map(FencePlanCodec::onlyRights),
                part.parts("functions", FencePlanCodec::function));
    }

    private static RoleDefault role(Part part) {
        part.requireOnly(Set.of("role", "before"));
        return new RoleDefault(part.text("role"), part.textIfAny("before"));
    }

    private static Rights onlyRights(Part part) {
        part.requireOnly(Set.of("wasDefault", "taken", "given"));
        return rights(part);
    }

    private static Rights rights(Part part) {
        return new Rights(part.flag("wasDefault"), part.parts("taken", FencePlanCodec::grant), part.texts("given"));
    }

    private static Grant grant(Part part) {
        part.requireOnly(Set.of("role", "grantable"));
        return new Grant(part.textIfAny("role"), part.flag("grantable"));
    }

    private static FunctionRights function(Part part) {
        part.requireOnly(Set.of("function", "wasDefault", "taken", "given"));
        return new FunctionRights(part.named(WritingFunction.class, "function"), rights(part));
    }

    private static InvalidSettingsException wrong(String what) {
        return new InvalidSettingsException("the plan of the fence can't be read: it " + what);
    }

    /** A map in a document; its attributes must have the right types. */
    private record Part(Map<?, ?> document) {
        void requireOnly(Set<String> known) {
            Set<Object> unknown = new HashSet<>(document.keySet());
            unknown.removeAll(known);
            if (!unknown.isEmpty()) {
                throw wrong("has attributes that this release doesn't know: " + shown(unknown));
            }
        }

        private static String shown(Object value) {
            String text = String.valueOf(value);
            return text.length() <= 100 ? text : text.substring(0, 100) + "...";
        }

        Optional<String> textIfAny(String name) {
            return optional(name, String.class);
        }

        String text(String name) {
            return textIfAny(name).orElseThrow(() -> wrong("lacks '" + name + "'"));
        }

        boolean flag(String name) {
            return optional(name, Boolean.class).orElseThrow(() -> wrong("lacks '" + name + "'"));
        }

        <E extends Enum<E>> E named(Class<E> type, String name) {
            String text = text(name);
            return Arrays.stream(type.getEnumConstants())
                    .filter(each -> each.name().equals(text))
                    .findFirst()
                    .orElseThrow(
                            () -> wrong("says " + name + " '" + shown(text) + "', which this release doesn't know"));
        }

        List<String> texts(String name) {
            return list(name).stream()
                    .map(each -> typed(String.class, name, each))
                    .toList();
        }

        Optional<Part> part(String name) {
            return optional(name, Map.class).map(Part::new);
        }

        <T> List<T> parts(String name, Function<Part, T> reader) {
            return list(name).stream()
                    .map(each -> reader.apply(new Part(typed(Map.class, name, each))))
                    .toList();
        }

        private List<?> list(String name) {
            List<?> list = optional(name, List.class).orElseThrow(() -> wrong("lacks '" + name + "'"));
            if (list.size() > FencePlan.MOST) {
                throw wrong("has " + list.size() + " entries in '" + name + "'; the limit is " + FencePlan.MOST);
            }
            return list;
        }

        private <T> Optional<T> optional(String name, Class<T> type) {
            return Optional.ofNullable(document.get(name)).map(value -> typed(type, name, value));
        }

        private static <T> T typed(Class<T> type, String name, Object value) {
            if (!type.isInstance(value)) {
                throw wrong("has in '" + name + "' no " + type.getSimpleName() + " but '" + shown(value) + "'");
            }
            return type.cast(value);
        }
    }
}
