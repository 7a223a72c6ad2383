package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.cloudformation.calls.Call;
import dev.connectionregistry.cloudformation.calls.CallRecorder;
import dev.connectionregistry.cloudformation.iam.Policy;
import dev.connectionregistry.cloudformation.iam.Right;
import dev.connectionregistry.cloudformation.iam.Statement;
import dev.connectionregistry.cloudformation.template.Stack;
import dev.connectionregistry.cloudformation.template.Template;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever has a policy of the templates can do what he is there for, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class PoliciesTest {
    private static final String TABLE = Stack.tableArn("connection-registry");
    private static final String SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:";
    private static final String PARAMETER = "arn:aws:ssm:eu-central-1:123456789012:parameter";

    /** Commands that ask AWS for nothing, and why. */
    private static final Map<String, String> ASK_NOTHING = Map.of(
            "generate-completion", "prints a script for the shell",
            "replication", "only holds its subcommands together");

    /** What the viewer's doctor tries, to say that it isn't allowed. */
    private static final Set<String> NOT_FOR_VIEWERS = Set.of("dynamodb:PutItem", "dynamodb:ConditionCheckItem");

    /** Rights that no call of ours shows: AWS uses them on the caller's behalf, or a server of RDS looks at them. */
    private static final Set<String> NOT_SEEN_HERE = Set.of("TheKeyThroughDynamoDb", "LogInWithIam");

    private static final Policy SERVICE_POLICY = Policy.of(Template.read("cloudformation/service.yaml")
            .deploy(Map.of(
                    "Database",
                    "orders",
                    "SecretArns",
                    SECRET + "orders-??????",
                    "ParameterArns",
                    PARAMETER + "/orders/*"))
            .policy("ServicePolicy"));

    private static final Stack REGISTRY = Template.read("cloudformation/connection-registry.yaml")
            .deploy(Map.of(
                    "OperatorSecretArns",
                    SECRET + "orders-??????," + SECRET + "operators*",
                    "OperatorParameterArns",
                    PARAMETER + "/orders/*," + PARAMETER + "/operators/*"));

    private static final Policy OPERATOR_POLICY = Policy.of(REGISTRY.policy("OperatorPolicy"));
    private static final Policy VIEWER_POLICY = Policy.of(REGISTRY.policy("ViewerPolicy"));

    @TempDir
    private static Path folder = Path.of("");

    private Play play;
    /** Those of the play alone: other tests of this JVM make calls, too. */
    private List<Call> calls = List.of();

    @BeforeAll
    void everythingOnce() throws Exception {
        int before = CallRecorder.calls().size();
        play = new Play(folder);
        try {
            play.perform();
            List<Call> all = CallRecorder.calls();
            calls = all.subList(before, all.size());
        } catch (Exception | Error e) {
            play.close();
            throw e;
        }
    }

    @AfterAll
    void end() {
        play.close();
    }

    @Test
    void everyCommandWasRunOrAsksNothing() {
        Set<String> left = new TreeSet<>(new CommandTree().paths());
        play.ran().forEach(each -> left.remove(each.substring(each.indexOf(':') + 2)));
        assertThat(left).isEqualTo(ASK_NOTHING.keySet());
    }

    @Test
    void noCommandPrintsACredentialWhateverGoesWrong() throws Exception {
        assertThat(play.printed()).hasSizeGreaterThan(50).allSatisfy(text -> assertThat(text)
                .doesNotContain(Play.credentials()));
        assertThat(play.printed()).anyMatch(text -> text.contains("\tat dev.connectionregistry"));
    }

    @Test
    void aServiceMayDoAllThatItDoes() {
        assertThat(refused(SERVICE_POLICY, Play.SERVICE)).isEmpty();
    }

    @Test
    void anOperatorMayDoAllThatTheCommandsDo() {
        assertThat(refused(OPERATOR_POLICY, Play.OPERATOR)).isEmpty();
    }

    @Test
    void aViewerMayLookAtEverythingAndDoctorSaysWhatElseHeMayNot() {
        Policy withPasswords = new Policy(concat(VIEWER_POLICY.statements(), passwords()));
        List<Right> refused = refused(withPasswords, Play.VIEWER);
        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(right -> assertThat(NOT_FOR_VIEWERS).contains(right.action()))
                .allSatisfy(right -> assertThat(right.leadingKeys()).allMatch(key -> key.endsWith("#-access-check")));
    }

    /** A viewer who compares servers logs in there; whose passwords those are the viewer's policy doesn't say. */
    private static List<Statement> passwords() {
        return OPERATOR_POLICY.statements().stream()
                .filter(each -> Set.of("ReadSecrets", "ReadParameters").contains(each.sid()))
                .toList();
    }

    @Test
    void noRightIsTooMany() {
        assertThat(unused(SERVICE_POLICY, Play.SERVICE)).isEmpty();
        assertThat(unused(OPERATOR_POLICY, Play.OPERATOR)).isEmpty();
        assertThat(unused(VIEWER_POLICY, Play.VIEWER)).isEmpty();
    }

    @ParameterizedTest(name = "without {1} {0} can't work")
    @CsvSource({
        "service, ReadSettings",
        "service, Report",
        "service, ReadSecrets",
        "service, ReadParameters",
        "operator, ReadItems",
        "operator, ReadPartitions",
        "operator, WriteVersionsAndCutovers",
        "operator, DemandTheLockOfACutover",
        "operator, ListAndLookAtTheTable",
        "operator, Init",
        "operator, ReadSecrets",
        "operator, ReadParameters",
        "viewer, ReadItems",
        "viewer, ReadPartitions",
        "viewer, ListAndLookAtTheTable"
    })
    void aMissingRightIsFound(String who, String sid) {
        Policy policy = policyOf(who);
        int before = refused(policy, who).size();
        assertThat(refused(policy.without(sid), who)).hasSizeGreaterThan(before);
    }

    @ParameterizedTest(name = "{0} may not {1} {2}")
    @CsvSource({
        "service, GetItem, settings#invoices",
        "service, GetItem, settings#orders2",
        "service, GetItem, history#orders",
        "service, GetItem, fleet#orders",
        "service, GetItem, cutover#orders",
        "service, GetItem, ''",
        "service, PutItem, settings#orders",
        "service, PutItem, history#orders",
        "service, PutItem, cutover#orders",
        "service, PutItem, fleet#invoices",
        "service, PutItem, fleet#invoices#1",
        "service, PutItem, fleet#orders2",
        "service, PutItem, fleet#orders2#1",
        "service, Query, fleet#orders",
        "service, Query, settings#orders",
        "service, BatchGetItem, settings#orders",
        "service, BatchWriteItem, fleet#orders",
        "service, UpdateItem, fleet#orders",
        "service, DeleteItem, fleet#orders",
        "service, PartiQLSelect, settings#orders",
        "service, Scan, ''",
        "service, DescribeTable, ''",
        "service, DeleteTable, ''",
        "operator, PutItem, fleet#orders",
        "operator, PutItem, other#orders",
        "operator, DeleteItem, settings#orders",
        "operator, DeleteItem, history#orders",
        "operator, UpdateItem, settings#orders",
        "operator, BatchWriteItem, settings#orders",
        "operator, PartiQLUpdate, settings#orders",
        "operator, DeleteTable, ''",
        "operator, UpdateTable, ''",
        "operator, UpdateContinuousBackups, ''",
        "viewer, PutItem, settings#orders",
        "viewer, PutItem, fleet#orders",
        "viewer, ConditionCheckItem, cutover#orders",
        "viewer, DeleteItem, fleet#orders",
        "viewer, CreateTable, ''",
        "viewer, UpdateTimeToLive, ''"
    })
    void othersMayNot(String who, String action, String partition) {
        Policy policy = policyOf(who);
        Set<String> keys = partition.isEmpty() ? Set.of() : Set.of(partition);
        assertThat(policy.allows(new Right("dynamodb:" + action, TABLE, keys))).isFalse();
    }

    @Test
    void noOtherTableAndNoOthersSecrets() {
        for (Policy each : List.of(SERVICE_POLICY, OPERATOR_POLICY, VIEWER_POLICY)) {
            assertThat(each.allows(Right.on("dynamodb:GetItem", TABLE, "settings#orders")))
                    .isTrue();
            assertThat(each.allows(
                            Right.on("dynamodb:GetItem", Stack.tableArn("connection-registry-2"), "settings#orders")))
                    .isFalse();
            assertThat(each.allows(Right.of("secretsmanager:GetSecretValue", SECRET + "invoices-AbCdEf")))
                    .isFalse();
            assertThat(each.allows(Right.of("ssm:GetParameter", PARAMETER + "/invoices/password")))
                    .isFalse();
        }
        assertThat(SERVICE_POLICY.allows(Right.of("secretsmanager:PutSecretValue", SECRET + "orders-AbCdEf")))
                .isFalse();
    }

    @Test
    void aServiceReportsUnderEveryKeyOfItsOwnDatabase() {
        for (String key : List.of("fleet#orders", "fleet#orders#1", "fleet#orders#63")) {
            assertThat(SERVICE_POLICY.allows(Right.on("dynamodb:PutItem", TABLE, key)))
                    .as(key)
                    .isTrue();
        }
    }

    /** A batch with one allowed key and one of another database is refused as a whole. */
    @Test
    void oneForeignKeyAmongOwnOnesIsEnough() {
        assertThat(SERVICE_POLICY.allows(
                        new Right("dynamodb:GetItem", TABLE, Set.of("settings#orders", "settings#invoices"))))
                .isFalse();
    }

    @Test
    void everyMethodOfAnAwsClientThatTheCodeCallsWasRecorded() {
        Set<String> recorded = calls.stream()
                .map(Call::operation)
                .map(each -> each.replace(" ", "").toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> called = ClientMethods.calledByTheCode();
        assertThat(called).hasSizeGreaterThan(8);
        assertThat(recorded).containsAll(called);
    }

    private static Policy policyOf(String who) {
        return switch (who) {
            case Play.SERVICE -> SERVICE_POLICY;
            case Play.OPERATOR -> OPERATOR_POLICY;
            case Play.VIEWER -> VIEWER_POLICY;
            default -> throw new IllegalArgumentException(who);
        };
    }

    private List<Call> callsOf(String who) {
        return calls.stream()
                .filter(each -> each.who().equals(Program.key(who)))
                .toList();
    }

    private List<Right> refused(Policy policy, String who) {
        Set<Right> refused = new LinkedHashSet<>();
        List<Call> theirs = callsOf(who);
        assertThat(theirs).hasSizeGreaterThan(5);
        theirs.forEach(call ->
                call.rights().stream().filter(right -> !policy.allows(right)).forEach(refused::add));
        return List.copyOf(refused);
    }

    /** The actions and partitions that a policy allows although no program needs them. */
    private List<String> unused(Policy policy, String who) {
        List<Right> asked =
                callsOf(who).stream().flatMap(call -> call.rights().stream()).toList();
        List<String> unused = new ArrayList<>();
        for (Statement statement : policy.statements()) {
            if (NOT_SEEN_HERE.contains(statement.sid())) {
                continue;
            }
            for (String action : statement.actions()) {
                List<String> partitions = statement.leadingKeys().isEmpty() ? List.of("") : statement.leadingKeys();
                partitions.stream()
                        .filter(partition -> asked.stream().noneMatch(right -> isFor(right, action, partition)))
                        .forEach(partition -> unused.add(statement.sid() + ": " + action + " " + partition));
            }
        }
        return unused;
    }

    private static boolean isFor(Right right, String action, String partition) {
        return right.action().equals(action)
                && (partition.isEmpty()
                        || right.leadingKeys().stream()
                                .anyMatch(key -> !key.endsWith("#-access-check") && Statement.like(partition, key, 0)));
    }

    private static <T> List<T> concat(List<T> some, List<T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
