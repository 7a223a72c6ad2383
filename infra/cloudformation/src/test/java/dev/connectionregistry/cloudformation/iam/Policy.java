package dev.connectionregistry.cloudformation.iam;

import dev.connectionregistry.cloudformation.template.Element;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A policy document.
 *
 * @param statements what it says
 */
public record Policy(List<Statement> statements) {
    /** Copies the list. */
    public Policy {
        statements = List.copyOf(statements);
    }

    /** Reads a document. */
    public static Policy of(Map<String, Object> document) {
        if (!document.keySet().equals(Set.of("Version", "Statement"))
                || !"2012-10-17".equals(document.get("Version"))) {
            throw new IllegalArgumentException("not a policy of 2012-10-17: " + document.keySet());
        }
        return new Policy(
                Element.maps(document, "Statement").stream().map(Statement::of).toList());
    }

    /** Whether this policy alone allows the request: a statement allows it and none denies it. */
    public boolean allows(Right right) {
        return statements.stream().anyMatch(each -> each.allow() && each.matches(right))
                && statements.stream().noneMatch(each -> !each.allow() && each.matches(right));
    }

    /** The same without what one statement says. */
    public Policy without(String sid) {
        List<Statement> left =
                statements.stream().filter(each -> !each.sid().equals(sid)).toList();
        if (left.size() == statements.size()) {
            throw new IllegalArgumentException("no statement " + sid);
        }
        return new Policy(left);
    }
}
