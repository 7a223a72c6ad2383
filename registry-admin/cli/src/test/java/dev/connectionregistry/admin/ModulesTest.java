package dev.connectionregistry.admin;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What holds for the jars of the product together (ADR 0026). */
@AnalyzeClasses(packages = "dev.connectionregistry", importOptions = ArchitectureTest.Shipped.class)
class ModulesTest {
    @ArchTest
    static void noPackageExistsInTwoModules(JavaClasses classes) {
        Map<String, Set<String>> modules = new TreeMap<>();
        for (JavaClass each : classes) {
            modules.computeIfAbsent(each.getPackageName(), unused -> new TreeSet<>())
                    .add(module(each));
        }
        assertThat(modules.values().stream().flatMap(Set::stream).distinct())
                .as("the modules on the class path")
                .hasSizeGreaterThanOrEqualTo(4);
        modules.values().removeIf(of -> of.size() == 1);
        assertThat(modules).isEmpty();
    }

    /** The jar or folder in which a class lies. */
    private static String module(JavaClass each) {
        String place = each.getSource().orElseThrow().getUri().toString();
        return place.substring(0, place.length() - (each.getName().replace('.', '/') + ".class").length());
    }

    @ArchTest
    static final ArchRule OPERATORS_TOOLS_NEED_NO_DATA_SOURCE = noClasses()
            .that()
            .resideInAPackage("dev.connectionregistry.admin..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.connectionregistry",
                    "dev.connectionregistry.internal..",
                    "dev.connectionregistry.pool..",
                    "dev.connectionregistry.guice..",
                    "dev.connectionregistry.micrometer..",
                    "com.zaxxer..");
}
