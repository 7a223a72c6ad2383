package dev.connectionregistry.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The map of registry-admin's packages, by feature (ADR 0029). Every package belongs to one of the layers below. */
@AnalyzeClasses(packages = "dev.connectionregistry.admin", importOptions = ArchitectureTest.Shipped.class)
class ArchitectureTest {
    private static final String ADMIN = "dev.connectionregistry.admin";
    private static final String CLI = ADMIN + ".cli";

    /** What is shipped: no tests, neither this module's nor those that come as another's test jar. */
    static final class Shipped implements ImportOption {
        private final ImportOption noTests = new DoNotIncludeTests();

        @Override
        public boolean includes(Location location) {
            return noTests.includes(location) && !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule FEATURES_POINT_ONE_WAY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ADMIN + "..")
            .layer("main")
            .definedBy(ADMIN)
            .layer("wiring")
            .definedBy(CLI + ".wiring..")
            .layer("commands")
            .definedBy(
                    CLI + ".settings..",
                    CLI + ".move..",
                    CLI + ".fleet..",
                    CLI + ".preflight..",
                    CLI + ".replication..",
                    CLI + ".cutover..")
            .layer("options")
            .definedBy(CLI + ".options..")
            .layer("terminal")
            .definedBy(CLI + ".terminal..")
            .layer("cutover")
            .definedBy(ADMIN + ".cutover..")
            .layer("preflight")
            .definedBy(ADMIN + ".preflight..")
            .layer("replication")
            .definedBy(ADMIN + ".replication..")
            .layer("move")
            .definedBy(ADMIN + ".move..")
            .layer("settings")
            .definedBy(ADMIN + ".settings..")
            .layer("fleet")
            .definedBy(ADMIN + ".fleet..")
            .layer("postgres")
            .definedBy(ADMIN + ".postgres..")
            .layer("server")
            .definedBy(ADMIN + ".server..")
            .layer("common")
            .definedBy(ADMIN + ".common..")
            .ensureAllClassesAreContainedInArchitectureIgnoring("java..")
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("wiring")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("commands")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("options")
            .mayOnlyBeAccessedByLayers("main", "wiring", "commands")
            .whereLayer("terminal")
            .mayOnlyBeAccessedByLayers("main", "wiring", "commands", "options")
            .whereLayer("cutover")
            .mayOnlyBeAccessedByLayers("wiring", "commands")
            .whereLayer("preflight")
            .mayOnlyBeAccessedByLayers("wiring", "commands", "cutover")
            .whereLayer("replication")
            .mayOnlyBeAccessedByLayers("wiring", "commands", "cutover", "preflight")
            .whereLayer("move")
            .mayOnlyBeAccessedByLayers("commands")
            .whereLayer("settings")
            .mayOnlyBeAccessedByLayers("wiring", "commands", "options", "cutover", "move")
            .whereLayer("fleet")
            .mayOnlyBeAccessedByLayers("commands", "cutover", "preflight", "move", "settings")
            .whereLayer("postgres")
            .mayOnlyBeAccessedByLayers("wiring", "cutover", "preflight", "replication")
            .whereLayer("server")
            .mayOnlyBeAccessedByLayers(
                    "wiring", "commands", "options", "cutover", "preflight", "replication", "settings", "postgres");

    @ArchTest
    static final ArchRule NO_PACKAGE_CYCLES =
            slices().matching(ADMIN + ".(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule COMMON_KNOWS_NO_FEATURE = noClasses()
            .that()
            .resideInAPackage(ADMIN + ".common..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    CLI + "..",
                    ADMIN + ".cutover..",
                    ADMIN + ".preflight..",
                    ADMIN + ".replication..",
                    ADMIN + ".move..",
                    ADMIN + ".settings..",
                    ADMIN + ".fleet..",
                    ADMIN + ".postgres..",
                    ADMIN + ".server..");

    @ArchTest
    static final ArchRule ONLY_WIRING_KNOWS_THE_TABLE = noClasses()
            .that()
            .resideOutsideOfPackage(CLI + ".wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "dev.connectionregistry.registry.dynamodb..");

    @ArchTest
    static final ArchRule ONLY_POSTGRES_KNOWS_SQL = noClasses()
            .that()
            .resideOutsideOfPackage(ADMIN + "..postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..");

    @ArchTest
    static final ArchRule POSTGRES_KNOWS_ONLY_ITS_PORTS = noClasses()
            .that()
            .resideInAPackage(ADMIN + "..postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ADMIN,
                    CLI + "..",
                    ADMIN + ".settings..",
                    ADMIN + ".move..",
                    ADMIN + ".fleet..",
                    ADMIN + ".cutover.coordinator..",
                    ADMIN + ".cutover.decision..",
                    ADMIN + ".cutover.journal..",
                    ADMIN + ".cutover.run..",
                    ADMIN + ".cutover.step..",
                    ADMIN + ".replication.setup..",
                    "dev.connectionregistry",
                    "dev.connectionregistry.internal..",
                    "dev.connectionregistry.registry..");

    @ArchTest
    static final ArchRule ONLY_WIRING_KNOWS_POSTGRES = noClasses()
            .that()
            .resideOutsideOfPackages(ADMIN + "..postgres..", CLI + ".wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ADMIN + "..postgres..");

    @ArchTest
    static final ArchRule ENGINE_KNOWS_NO_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackages(ADMIN, CLI + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "com.google.inject..", "org.jline..");

    @ArchTest
    static final ArchRule ONLY_WIRING_KNOWS_GUICE = noClasses()
            .that()
            .resideOutsideOfPackages(ADMIN, CLI + ".wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.inject..");

    @ArchTest
    static final ArchRule JSON_IS_READ_IN_FEW_PLACES = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ADMIN + ".common..", ADMIN + ".replication.plan..", ADMIN + ".replication.postgres.reason..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule DECISIONS_ARE_PURE = classes()
            .that()
            .resideInAPackage(ADMIN + ".cutover.decision..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    ADMIN + ".cutover.decision..",
                    "java.lang..",
                    "java.time..",
                    "java.util",
                    "java.util.function..",
                    "java.util.stream..",
                    "org.jspecify..");
}
