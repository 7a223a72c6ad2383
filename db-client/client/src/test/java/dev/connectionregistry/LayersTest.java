package dev.connectionregistry;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** The layers of db-client: values at the bottom, one importer for each outside library, imports point down. */
@AnalyzeClasses(packages = "dev.connectionregistry", importOptions = LayersTest.Shipped.class)
class LayersTest {
    /** What is shipped: no tests, neither this module's nor those that come as another's test jar. */
    static final class Shipped implements ImportOption {
        private final ImportOption noTests = new DoNotIncludeTests();

        @Override
        public boolean includes(Location location) {
            return noTests.includes(location) && !location.contains("-tests.jar");
        }
    }

    private static final String BASE = "dev.connectionregistry";

    @ArchTest
    static final ArchRule settingsAreValuesThatKnowNobody = noClasses()
            .that()
            .resideInAPackage(BASE + ".settings")
            .should()
            .dependOnClassesThat(not(resideInAnyPackage("java..", "org.jspecify..", BASE + ".settings")));

    @ArchTest
    static final ArchRule theRegistrysWordsNeedNoLibrary = noClasses()
            .that()
            .resideInAPackage(BASE + ".registry")
            .should()
            .dependOnClassesThat(
                    not(resideInAnyPackage("java..", "org.jspecify..", BASE + ".settings", BASE + ".registry")));

    @ArchTest
    static final ArchRule onlyThePoolPackageKnowsHikari = noClasses()
            .that(not(resideInAnyPackage(BASE + ".internal.pool")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.zaxxer..");

    @ArchTest
    static final ArchRule onlyThePoolPackageAndTheListOfPropertiesKnowTheDriver = noClasses()
            // infra/local, which only tests have, is a module of its own: it starts servers
            .that(not(resideInAnyPackage(BASE + ".internal.pool", BASE + ".local")))
            .and()
            .doNotHaveSimpleName("DriverProperties") // asks the driver which properties it knows
            .and()
            .doNotHaveSimpleName("DriverRelease")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.postgresql..");

    @ArchTest
    static final ArchRule onlyTwoPackagesKnowTheAwsSdk = noClasses()
            .that(not(resideInAnyPackage(BASE + ".registry.dynamodb", BASE + ".core.internal.secrets.aws")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule optionalLibrariesStayInTheirPackages = noClasses()
            .that(not(resideInAnyPackage(BASE + ".guice", BASE + ".micrometer", BASE + ".internal.micrometer")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.inject..", "io.micrometer..", "jakarta.inject..");

    @ArchTest
    static final ArchRule poolsDoNotKnowTheLoop = noClasses()
            .that()
            .resideInAPackage(BASE + ".internal.pool")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BASE + ".internal", BASE + ".registry.dynamodb", BASE);

    @ArchTest
    static final ArchRule decisionsArePure = noClasses()
            .that()
            .haveSimpleNameEndingWith("Decisions")
            .or()
            .haveSimpleName("Event")
            .or()
            .haveSimpleName("ClientState")
            .should()
            .dependOnClassesThat()
            .haveNameMatching(
                    "java\\.(io|net|nio|sql|util\\.concurrent)\\..*|java\\.lang\\.(System|Thread)|java\\.time\\.(Clock|Instant)|.*\\.(Random|LoggerFactory|CleanLogger)");

    @ArchTest
    static final ArchRule decisionsKnowOnlyThoseBelowThem =
            slices().assignedFrom(new EachDecisions()).should().beFreeOfCycles();

    private static final class EachDecisions implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getSimpleName().endsWith("Decisions")
                    ? SliceIdentifier.of(type.getSimpleName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "the decisions";
        }
    }

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().assignedFrom(eachPackageOf(BASE)).should().beFreeOfCycles();

    /** Every package by itself, the one at the top too, which {@code matching("..(**)")} leaves out. */
    private static SliceAssignment eachPackageOf(String base) {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return javaClass.getPackageName().startsWith(base)
                        ? SliceIdentifier.of(javaClass.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "each package of " + base;
            }
        };
    }

    @ArchTest
    static final ArchRule theCoreDoesNotKnowTheDataSource = noClasses()
            .that()
            .resideInAnyPackage(
                    BASE + ".core..",
                    BASE + ".settings..",
                    BASE + ".registry..",
                    BASE + ".secrets..",
                    BASE + ".watch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    BASE,
                    BASE + ".internal..",
                    BASE + ".status..",
                    BASE + ".pool..",
                    BASE + ".guice..",
                    BASE + ".micrometer..");

    @ArchTest
    static final ArchRule whatIsLoggedIsCleaned = noClasses()
            .that(not(resideInAnyPackage(BASE + ".local", BASE + ".core.internal.util")))
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.slf4j.LoggerFactory")
            .because("outside text has to be cleaned where it is logged: use CleanLogger.of");

    @ArchTest
    static final ArchRule nobodySynchronizes = classes()
            .that()
            .resideInAPackage(BASE + ".internal..")
            .should(HaveNoMethod.with(JavaModifier.SYNCHRONIZED));
}
