package dev.grantbook.platform.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of all jobs is whole and true. */
class JobTest {

    @Test
    void eachJobIsStartedOnce() {
        var starters = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.grantbook").stream()
                        .flatMap(room -> room.getMethods().stream())
                        .filter(method -> method.getMethodCallsFromSelf().stream()
                                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Jobs.class)
                                        && call.getName().equals("start")))
                        .flatMap(method -> method.getFieldAccesses().stream())
                        .filter(access -> access.getTargetOwner().isEquivalentTo(Job.class))
                        .collect(Collectors.groupingBy(JavaAccess::getName, Collectors.counting()));

        assertThat(starters.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Job.values()).map(Enum::name).toList());
        assertThat(starters.values()).as("times").containsOnly(1L);
    }

    @Test
    void nothingElseIsScheduled() {
        var schedulers = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("dev.grantbook").stream()
                        .filter(room -> room.getMethodCallsFromSelf().stream()
                                .anyMatch(call -> call.getTargetOwner().isAssignableTo(ScheduledExecutorService.class)
                                        && call.getName().startsWith("schedule")))
                        .map(room -> room.getSimpleName());

        assertThat(schedulers).containsExactly(Jobs.class.getSimpleName());
    }

    @Test
    void theOperatorsPageSaysTheSame() throws IOException {
        String page = Files.readString(Path.of("docs/observability.md"));

        for (Job job : Job.values()) {
            assertThat(page).containsPattern("\\| " + job + " \\| [^|]+ \\| " + job.purpose() + " \\|");
        }
    }
}
