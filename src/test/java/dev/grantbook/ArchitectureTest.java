package dev.grantbook;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.grantbook.grant.GrantStatus;
import dev.grantbook.platform.http.OutboundHttp;
import dev.grantbook.platform.http.OutboundRequest;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.observability.SpansWithoutSecrets;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.vault.Sealed;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.NormalScope;
import jakarta.inject.Named;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.Path;
import java.net.URL;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;

/** The rooms of the house and the arrows between them, each as one sentence. */
@AnalyzeClasses(packages = "dev.grantbook", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule restApplicationsTellNobodyWhatServesThem =
            classes().that().areAnnotatedWith(ApplicationPath.class).should().beAssignableTo(RestApplication.class);

    /**
     * The rooms, floor by floor from the top. A room includes the packages below it, but {@code platform} is a floor of
     * rooms.
     */
    private static final List<String> HOUSE = List.of(
            "launcher",
            "console sandbox",
            "notice",
            "conversation subject",
            "authorization proxy",
            "access",
            "token delivery doctor",
            "invitation imports retention",
            "revocation",
            "grant",
            "connector administrator",
            "apikey provider",
            "catalogue vault",
            "platform.changes",
            "platform.jobs",
            "platform.web platform.http platform.persistence",
            "platform.problem",
            "platform.pages",
            "platform.observability",
            "platform.json",
            "platform.config",
            "oauth id");

    /** Floors by room, the highest at 1; the applications on the roof are at 0. */
    private static final Map<String, Integer> FLOORS = IntStream.range(0, HOUSE.size())
            .boxed()
            .flatMap(floor -> Arrays.stream(HOUSE.get(floor).split(" ", -1)).map(room -> Map.entry(room, floor + 1)))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    private static String room(JavaClass type) {
        String[] names =
                type.getPackageName().replaceFirst("^dev\\.grantbook\\.?", "").split("\\.", -1);
        return names[0].equals("platform") && names.length > 1 ? names[0] + "." + names[1] : names[0];
    }

    @ArchTest
    static final ArchRule arrowsPointDownwards = classes()
            .should(new ArchCondition<>("use rooms on lower floors only") {
                @Override
                public void check(JavaClass user, ConditionEvents events) {
                    user.getDirectDependenciesFromSelf().stream()
                            .filter(arrow ->
                                    arrow.getTargetClass().getPackageName().startsWith("dev.grantbook"))
                            .filter(arrow -> !room(arrow.getTargetClass()).equals(room(user)))
                            .filter(arrow -> floor(arrow.getTargetClass()) <= floor(user))
                            .forEach(arrow -> events.add(SimpleConditionEvent.violated(arrow, arrow.getDescription())));
                }
            });

    private static int floor(JavaClass type) {
        String room = room(type);
        return room.isEmpty() ? 0 : FLOORS.getOrDefault(room, 0);
    }

    @ArchTest
    static void everyRoomIsOnThePlan(JavaClasses classes) {
        Set<String> rooms = classes.stream()
                .map(ArchitectureTest::room)
                .filter(room -> !room.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(rooms).isEqualTo(new TreeSet<>(FLOORS.keySet()));
    }

    /** Nested classes are part of the class around them. */
    @ArchTest
    static final ArchRule noClassNeedsItself = slices().assignedFrom(new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                    return SliceIdentifier.of(type.getName().split("\\$", 2)[0]);
                }

                @Override
                public String getDescription() {
                    return "classes";
                }
            })
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule noPackageNeedsItself =
            slices().matching("dev.grantbook.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nobodyKnowsTheSandbox = noClasses()
            .that(not(resideInAnyPackage("dev.grantbook.sandbox..", "dev.grantbook")))
            .should()
            .dependOnClassesThat(resideInAPackage("dev.grantbook.sandbox.."));

    /**
     * A grant's status is compared in its room, by the one decision, in queries, and where pages choose their texts.
     */
    @ArchTest
    static final ArchRule oneClassDecides = noClasses()
            .that()
            .resideOutsideOfPackages("dev.grantbook.grant..", "dev.grantbook.console..")
            .and()
            .haveNameNotMatching(".*\\.(AccessDecisions|ConnectBacking|RefreshLeases|Revocations)(\\$.*)?")
            .should()
            .accessFieldWhere(describe(
                    "it is a status of grants",
                    access -> access.getTargetOwner().isEquivalentTo(GrantStatus.class)));

    @ArchTest
    static final ArchRule theProtocolIsPureJava = classes()
            .that()
            .resideInAPackage("dev.grantbook.oauth")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "dev.grantbook.oauth",
                    "java.lang..",
                    "java.util..",
                    "java.net",
                    "java.time..",
                    "java.nio..",
                    "java.security..",
                    "javax.crypto..",
                    "org.jspecify.annotations"));

    @ArchTest
    static final ArchRule onlyOneRoomOpensConnections = noClasses()
            .that()
            .resideOutsideOfPackage(OutboundHttp.class.getPackageName())
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.hc..", "java.net.http..")
            .orShould()
            .callMethod(URL.class, "openConnection")
            .orShould()
            .callMethod(URL.class, "openStream");

    @ArchTest
    static final ArchRule onlyProvidersAreAskedAndTried = classes()
            .that()
            .areAssignableFrom(OutboundRequest.class)
            .should()
            .onlyBeAccessed()
            .byAnyPackage(
                    "dev.grantbook.platform..",
                    "dev.grantbook.provider..",
                    "dev.grantbook.doctor..",
                    "dev.grantbook.sandbox..");

    /** What is injected is a proxy, whose own fields are empty. */
    @ArchTest
    static final ArchRule noBeanReadsTheFieldsOfAnother = noClasses()
            .should(new ArchCondition<>("read a field of another bean") {
                @Override
                public void check(JavaClass reader, ConditionEvents events) {
                    reader.getFieldAccessesFromSelf().stream()
                            .filter(access -> access.getTargetOwner().isMetaAnnotatedWith(NormalScope.class)
                                    && !access.getTargetOwner().equals(reader))
                            .filter(access -> access.getTarget()
                                    .resolveMember()
                                    .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                                    .isPresent())
                            .forEach(access ->
                                    events.add(SimpleConditionEvent.satisfied(access, access.getDescription())));
                }
            });

    /**
     * Without a transaction, Payara keeps the entity manager with the request, and a scheduled task that the request
     * starts closes it.
     */
    @ArchTest
    static final ArchRule nothingAsksTheDatabaseOutsideATransaction = methods()
            .that(describe(
                    "ask the injected entity manager and can be called from elsewhere",
                    method -> !method.getModifiers().contains(JavaModifier.PRIVATE)
                            && method.getFieldAccesses().stream()
                                    .anyMatch(access ->
                                            access.getTarget().getRawType().isEquivalentTo(EntityManager.class))))
            .should()
            .beAnnotatedWith(Transactional.class)
            .orShould()
            .beDeclaredInClassesThat()
            .areAnnotatedWith(Transactional.class);

    /** CDI refuses to deploy it. */
    @ArchTest
    static final ArchRule noBeanOfAScopeHasAPublicField = fields().that()
            .areDeclaredInClassesThat()
            .areMetaAnnotatedWith(NormalScope.class)
            .and()
            .areNotStatic()
            .should()
            .notBePublic();

    @ArchTest
    static final ArchRule theJsonProviderIsSearchedForOnce = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Json.class.getName())
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("jakarta.json.Json");

    @ArchTest
    static final ArchRule onlyTheVaultKnowsTink = noClasses()
            .that()
            .resideOutsideOfPackage("dev.grantbook.vault")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.crypto.tink..");

    /** Else a sealed value could live in a field that key rotation does not find. */
    @ArchTest
    static final ArchRule onlyTheVaultLooksIntoSealedValues = noClasses()
            .that()
            .resideOutsideOfPackage("dev.grantbook.vault")
            .should()
            .callMethod(Sealed.class, "text")
            .orShould()
            .callConstructor(Sealed.class, String.class);

    @ArchTest
    static final ArchRule theConsoleRotatesKeysAndOpensNothing = noClasses()
            .that()
            .resideInAPackage("dev.grantbook.console..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Sealed.class, Vault.class);

    @ArchTest
    static final ArchRule onlyTokensOfProvidersNeedJose = noClasses()
            .that()
            .resideOutsideOfPackages("dev.grantbook.provider..", "dev.grantbook.sandbox..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.nimbusds..");

    /** What is neither standard nor in the WAR is in some servers only, and two classes link where it is. */
    @ArchTest
    static final ArchRule noServerIsNeeded = classes()
            .that()
            .haveNameNotMatching(".*\\.(SettingSources\\$MicroProfile|SpansWithoutSecrets(\\$.*)?)")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "javax.net..",
                    "javax.security..",
                    "javax.sql..",
                    "jakarta..",
                    "dev.grantbook..",
                    "com.github.benmanes.caffeine..",
                    "com.google.crypto.tink..",
                    "com.nimbusds..",
                    "dev.harrel..",
                    "io.micrometer..",
                    "org.apache.hc..",
                    "org.flywaydb..",
                    "org.h2..",
                    "org.jspecify..",
                    "org.postgresql..",
                    "org.snakeyaml.."));

    @ArchTest
    static final ArchRule libraryOfOneRoom = noClasses()
            .that()
            .resideOutsideOfPackage("dev.grantbook.platform..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.snakeyaml..",
                    "dev.harrel..",
                    "org.flywaydb..",
                    "org.h2..",
                    "org.postgresql..",
                    "io.micrometer..");

    /** OpenTelemetry is not in the WAR, and few servers have it. */
    @ArchTest
    static final ArchRule nobodyNeedsOpenTelemetry = noClasses()
            .that()
            .haveNameNotMatching(Pattern.quote(SpansWithoutSecrets.class.getName()) + "(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(SpansWithoutSecrets.class);

    @ArchTest
    static final ArchRule resourcesAreCalledResource =
            classes().that().areAnnotatedWith(Path.class).should().haveSimpleNameEndingWith("Resource");

    @ArchTest
    static final ArchRule beansOfPagesAreCalledBacking = classes()
            .that()
            .areAnnotatedWith(Named.class)
            .and()
            .resideOutsideOfPackage("dev.grantbook.platform..")
            .should()
            .haveSimpleNameEndingWith("Backing")
            .orShould()
            .haveSimpleName("AdministratorSession");

    @ArchTest
    static final ArchRule nothingHasANameThatSaysNothing = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Helper");

    @ArchTest
    static final ArchRule tokensLeaveAnEntitySealed = methods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(Entity.class)
            .and()
            .areDeclaredInClassesThat()
            .resideOutsideOfPackage("dev.grantbook.sandbox..")
            .and()
            .haveNameMatching("(.*[tT]oken|verifier)")
            .should()
            .haveRawReturnType(Sealed.class);

    @ArchTest
    static final ArchRule stateOfEntitiesIsTheirOwn = fields().that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(Entity.class)
            .and()
            .areNotStatic()
            .should()
            .bePrivate();

    @ArchTest
    static final ArchRule beansAreNotBuiltByHand = noClasses()
            .that()
            .resideOutsideOfPackage("dev.grantbook.vault")
            .should()
            .callConstructorWhere(describe(
                    "the target is an application-scoped bean",
                    call -> call.getTargetOwner().isAnnotatedWith(ApplicationScoped.class)));

    @ArchTest
    static final ArchRule nothingPrintsButTheFirstStartAndTheLauncher = noClasses()
            .that()
            .doNotHaveSimpleName("FirstStart")
            .and()
            .resideOutsideOfPackage("dev.grantbook.launcher")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule timeComesFromOutside = noClasses()
            .that()
            .doNotHaveSimpleName("Producers")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC");

    @ArchTest
    static void everyPackageSaysWhyItExistsAndIsNullMarked(JavaClasses classes) {
        Set<String> packages =
                classes.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        Set<String> marked = classes.stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .filter(type -> type.isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages).hasSizeGreaterThan(8).isEqualTo(marked);
    }
}
