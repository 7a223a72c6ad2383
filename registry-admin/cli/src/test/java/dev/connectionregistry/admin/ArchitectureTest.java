package dev.connectionregistry.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.connectionregistry.admin", importOptions = ArchitectureTest.Shipped.class)
class ArchitectureTest {
    /** What is shipped: no tests, neither this module's nor those that come as another's test jar. */
    static final class Shipped implements ImportOption {
        private final ImportOption noTests = new DoNotIncludeTests();

        @Override
        public boolean includes(Location location) {
            return noTests.includes(location) && !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule IMPORTS_POINT_INWARDS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("main")
            .definedBy("dev.connectionregistry.admin")
            .layer("wiring")
            .definedBy("..admin.wiring..")
            .layer("command")
            .definedBy("..admin.command..")
            .layer("output")
            .definedBy("..admin.output..")
            .layer("operation")
            .definedBy("..admin.operation..")
            .layer("fleet")
            .definedBy("..admin.fleet..")
            .whereLayer("main")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("wiring")
            .mayOnlyBeAccessedByLayers("main")
            .whereLayer("command")
            .mayOnlyBeAccessedByLayers("main", "wiring")
            .whereLayer("output")
            .mayOnlyBeAccessedByLayers("main", "wiring", "command")
            .whereLayer("operation")
            .mayOnlyBeAccessedByLayers("main", "wiring", "command", "output")
            .whereLayer("fleet")
            .mayOnlyBeAccessedByLayers("main", "wiring", "command", "output", "operation");

    @ArchTest
    static final ArchRule ONLY_WIRING_KNOWS_THE_TABLE = noClasses()
            .that()
            .resideOutsideOfPackage("..admin.wiring..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon..", "dev.connectionregistry.registry.dynamodb..");

    @ArchTest
    static final ArchRule ONLY_POSTGRES_KNOWS_SQL = noClasses()
            .that()
            .resideOutsideOfPackage("..admin.postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..");

    @ArchTest
    static final ArchRule NO_POOL_HERE =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("com.zaxxer..");

    @ArchTest
    static final ArchRule POSTGRES_KNOWS_ONLY_ITS_PORTS = noClasses()
            .that()
            .resideInAPackage("..admin.postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.connectionregistry.admin",
                    "..admin.command..",
                    "..admin.output..",
                    "..admin.operation..",
                    "..admin.fleet..",
                    "..admin.cutover",
                    "..admin.wiring..",
                    "dev.connectionregistry",
                    "dev.connectionregistry.internal..",
                    "dev.connectionregistry.registry..");

    @ArchTest
    static final ArchRule ONLY_WIRING_KNOWS_POSTGRES = noClasses()
            .that()
            .resideOutsideOfPackages("..admin.postgres..", "..admin.wiring..", "dev.connectionregistry.admin")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..admin.postgres..");

    @ArchTest
    static final ArchRule USE_CASES_KNOW_NO_COMMAND_LINE = noClasses()
            .that()
            .resideInAnyPackage("..admin.operation..", "..admin.fleet..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..", "com.google.inject..", "com.fasterxml..");
}
