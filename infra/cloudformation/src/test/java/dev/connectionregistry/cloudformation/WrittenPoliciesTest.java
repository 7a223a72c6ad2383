package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.connectionregistry.cloudformation.template.Stack;
import dev.connectionregistry.cloudformation.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies that are written down, for people and for Terraform's own test, are those of the templates. */
class WrittenPoliciesTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Path INFRA = Path.of(System.getProperty("infra.folder", ".."));
    private static final String HERE = "eu-central-1:123456789012:";
    private static final String KEY = "arn:aws:kms:" + HERE + "key/1234abcd-12ab-34cd-56ef-1234567890ab";

    @ParameterizedTest
    @ValueSource(strings = {"operator", "viewer", "service"})
    void everyPolicyIsThatOfItsTemplate(String who) throws IOException {
        String written = Files.readString(INFRA.resolve("policies/" + who + ".json"));
        Map<String, Object> template = document(who);
        assertThat(JSON.readValue(written, new TypeReference<Map<String, Object>>() {}))
                .as("write it down again: " + JSON.writeValueAsString(template))
                .isEqualTo(template);
    }

    /** The reference shows a service's two rights without what is optional. */
    @Test
    void theReferenceShowsTheServicesPolicy() throws IOException {
        String reference = Files.readString(INFRA.resolve("../docs/reference.md"));
        String rights = reference.substring(reference.indexOf("\n## Rights\n"));
        int start = rights.indexOf("```json") + "```json".length();
        List<Map<String, Object>> shown =
                JSON.readValue(rights.substring(start, rights.indexOf("```", start)), new TypeReference<>() {});
        Map<String, Object> policy = Template.read("cloudformation/service.yaml")
                .deploy(Map.of("Database", "orders"))
                .policy("ServicePolicy");
        assertThat(Map.of("Version", "2012-10-17", "Statement", shown)).isEqualTo(policy);
    }

    private static Map<String, Object> document(String who) {
        if (who.equals("service")) {
            return Template.read("cloudformation/service.yaml")
                    .deploy(Map.of(
                            "Database", "orders",
                            "KmsKeyArn", KEY,
                            "SecretArns", "arn:aws:secretsmanager:" + HERE + "secret:orders-??????",
                            "ParameterArns", "arn:aws:ssm:" + HERE + "parameter/orders/*",
                            "SecretKeyArns", "arn:aws:kms:" + HERE + "key/5678abcd-12ab-34cd-56ef-1234567890ab",
                            "DatabaseUserArns", "arn:aws:rds-db:" + HERE + "dbuser:db-ABCDEFGHIJKL/app"))
                    .policy("ServicePolicy");
        }
        Stack stack = Template.read("cloudformation/connection-registry.yaml")
                .deploy(Map.of(
                        "KmsKeyArn", KEY,
                        "OperatorSecretArns", "arn:aws:secretsmanager:" + HERE + "secret:operators-??????",
                        "OperatorParameterArns", "arn:aws:ssm:" + HERE + "parameter/operators/*"));
        return stack.policy(who.equals("operator") ? "OperatorPolicy" : "ViewerPolicy");
    }
}
