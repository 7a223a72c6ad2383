package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.cloudformation.iam.Policy;
import dev.connectionregistry.cloudformation.iam.Right;
import dev.connectionregistry.cloudformation.template.Stack;
import dev.connectionregistry.cloudformation.template.Template;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The templates hang together; and what decides about policies here decides as IAM does. */
class TemplateTest {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");
    private static final String KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd";

    @ParameterizedTest
    @ValueSource(strings = {"cloudformation/connection-registry.yaml", "cloudformation/service.yaml"})
    void whateverIsDeclaredIsUsedAndWhateverIsUsedIsDeclared(String name) {
        Template template = Template.read(name);
        assertThat(template.content().keySet())
                .isEqualTo(Set.of(
                        "AWSTemplateFormatVersion", "Description", "Parameters", "Conditions", "Resources", "Outputs"));
        Set<String> used = new HashSet<>();
        collect(template.content(), used);
        Set<String> declared = new HashSet<>(template.section("Parameters").keySet());
        declared.addAll(template.section("Conditions").keySet());
        assertThat(used).containsAll(declared);
        declared.addAll(template.section("Resources").keySet());
        assertThat(used.stream().filter(each -> !each.startsWith("AWS::"))).allMatch(declared::contains);
    }

    private static void collect(Object node, Set<String> used) {
        if (node instanceof List<?> list) {
            list.forEach(each -> collect(each, used));
        } else if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                switch ((String) key) {
                    case "Ref" -> used.add((String) value);
                    case "Fn::GetAtt" -> used.add(((String) value).split("\\.", -1)[0]);
                    case "Fn::Sub" -> {
                        Matcher matcher = REFERENCE.matcher((String) value);
                        while (matcher.find()) {
                            used.add(matcher.group(1));
                        }
                    }
                    case "Fn::If" -> {
                        used.add((String) ((List<?>) value).get(0));
                        collect(value, used);
                    }
                    default -> collect(value, used);
                }
            });
        }
    }

    @Test
    void outputsWhatOthersNeed() {
        assertThat(Template.read("cloudformation/connection-registry.yaml")
                        .deploy(Map.of("TableName", "my-registry"))
                        .outputs())
                .isEqualTo(Map.of(
                        "TableName", "my-registry",
                        "TableArn", Stack.tableArn("my-registry"),
                        "OperatorPolicyArn", "arn:aws:iam::123456789012:policy/OperatorPolicy",
                        "ViewerPolicyArn", "arn:aws:iam::123456789012:policy/ViewerPolicy"));
        assertThat(Template.read("cloudformation/service.yaml")
                        .deploy(Map.of("Database", "orders"))
                        .outputs())
                .containsOnlyKeys("ServicePolicyArn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "orders*", "settings#orders", "Orders", "", "${aws:username}"})
    void aDatabaseCanNotBeAPattern(String name) {
        Template template = Template.read("cloudformation/service.yaml");
        assertThatThrownBy(() -> template.deploy(Map.of("Database", name))).hasMessageContaining("Database");
    }

    @Test
    void rightsOnSecretsAndKeysAreThereOnlyIfAskedFor() {
        Template template = Template.read("cloudformation/service.yaml");
        assertThat(sids(template.deploy(Map.of("Database", "orders")).policy("ServicePolicy")))
                .containsExactly("ReadSettings", "Report");
        assertThat(sids(template.deploy(Map.of(
                                "Database", "orders",
                                "KmsKeyArn", KEY,
                                "SecretArns", "a,b",
                                "ParameterArns", "c",
                                "SecretKeyArns", "d",
                                "DatabaseUserArns", "e"))
                        .policy("ServicePolicy")))
                .containsExactly(
                        "ReadSettings",
                        "Report",
                        "TheKeyThroughDynamoDb",
                        "ReadSecrets",
                        "ReadParameters",
                        "TheKeysOfSecrets",
                        "LogInWithIam");
    }

    private static List<String> sids(Map<String, Object> document) {
        return Policy.of(document).statements().stream().map(each -> each.sid()).toList();
    }

    /** As IAM's reference says, the odd case included: ForAllValues is true of a request without any value. */
    @ParameterizedTest
    @CsvSource({
        "ForAllValues:StringEquals, a#x, a#x, true",
        "ForAllValues:StringEquals, a#x, a#y, false",
        "ForAllValues:StringEquals, a#*, a#x, false",
        "ForAllValues:StringEquals, a#x, '', true",
        "ForAllValues:StringLike, a#*, a#x, true",
        "ForAllValues:StringLike, a#*, b#x, false",
        "ForAllValues:StringLike, a#?, a#xy, false",
        "Null, false, a#x, true",
        "Null, false, '', false",
        "Null, true, '', true"
    })
    void conditionsAreDecidedAsByIam(String operator, String value, String key, boolean allowed) {
        Policy policy = policy("Allow", Map.of(operator, Map.of("dynamodb:LeadingKeys", value)));
        Set<String> keys = key.isEmpty() ? Set.of() : Set.of(key);
        assertThat(policy.allows(new Right("dynamodb:GetItem", "r", keys))).isEqualTo(allowed);
    }

    @Test
    void denialWinsAndTheUnknownIsRefused() {
        Policy allows = policy("Allow", Map.of());
        Policy both = new Policy(List.of(
                allows.statements().get(0),
                policy("Deny", Map.of()).statements().get(0)));
        Right right = Right.of("dynamodb:GetItem", "r");
        assertThat(allows.allows(right)).isTrue();
        assertThat(both.allows(right)).isFalse();
        assertThat(allows.allows(Right.of("dynamodb:PutItem", "r"))).isFalse();
        assertThatThrownBy(() -> policy("Allow", Map.of("StringNotLike", Map.of("dynamodb:LeadingKeys", "x"))))
                .hasMessageContaining("StringNotLike");
    }

    private static Policy policy(String effect, Map<String, Object> condition) {
        return Policy.of(Map.of(
                "Version",
                "2012-10-17",
                "Statement",
                List.of(Map.of(
                        "Sid", "x",
                        "Effect", effect,
                        "Action", "dynamodb:GetItem",
                        "Resource", "*",
                        "Condition", condition))));
    }
}
