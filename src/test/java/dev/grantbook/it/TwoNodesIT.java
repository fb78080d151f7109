package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;

/** A node keeps nothing that another node needs. */
@ArquillianTest
@RunAsClient
class TwoNodesIT {

    private static final Api BOT = Api.withKey("all");

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return NodesSuite.war();
    }

    @Test
    void whatStartsOnOneNodeFinishesOnTheOther() throws Exception {
        String subject = "subject-" + UUID.randomUUID();
        Node other = NodesSuite.other();
        Visitor visitor = new Visitor();
        String callback = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        Reply finished = visitor.get(callback.replace(Deployments.base(), other.base()));
        assertThat(finished.status()).isEqualTo(303);
        assertThat(visitor.get(finished.location()).body()).contains("Ledger Bot");

        assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
        String id = BOT.grant("demo-mixin", subject).getString("id");
        Reply ended = Http.at(other.base())
                .with("Authorization", "Bearer key-all")
                .send("DELETE", "/api/v1/grants/" + id, "");
        assertThat(ended.status()).isEqualTo(204);
        assertThat(BOT.access("demo-mixin", subject).getString("status"))
                .as("the first node knows at once")
                .isEqualTo("revoked");
    }

    @Test
    void aRequestWithTheSameKeyIsDoneOnceWhicheverNodeItComesTo() throws Exception {
        Node other = NodesSuite.other();
        for (int callers : new int[] {2, 5, 50}) {
            String subject = "subject-" + UUID.randomUUID();
            String question = "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\"}";
            var barrier = new CyclicBarrier(callers);
            var calls = new ArrayList<Callable<Reply>>();
            for (int i = 0; i < callers; i++) {
                Http node = Http.at(i % 2 == 0 ? Deployments.base() : other.base())
                        .with("Authorization", "Bearer key-all")
                        .with("Content-Type", "application/json")
                        .with("Idempotency-Key", subject);
                calls.add(() -> {
                    barrier.await();
                    return node.send("POST", "/api/v1/invitations", question);
                });
            }

            List<Reply> replies = together(calls);

            assertThat(replies)
                    .hasSize(callers)
                    .allSatisfy(
                            reply -> assertThat(reply.status()).as(reply.body()).isIn(201, 409));
            assertThat(replies.stream()
                            .filter(reply -> reply.status() == 201)
                            .map(Reply::body)
                            .distinct())
                    .hasSize(1);
            assertThat(Api.json(BOT.get("/subjects/" + subject)).getJsonArray("invitations"))
                    .hasSize(1);
        }
    }

    @Test
    void anAdministratorIsSignedInOnEveryNode() throws Exception {
        String other = NodesSuite.other().base();
        Visitor admin = new Visitor();
        admin.signIn("admin", NodesSuite.PASSWORD);
        String there = other + "/console/administrators";

        Reply page = admin.get(there);
        assertThat(page.status()).isEqualTo(200);
        String name = "eve-" + UUID.randomUUID().toString().substring(0, 8);
        // One node made the form, the other one takes it, and the first shows what came of it.
        Reply added = admin.submit(page, "Add an administrator", Map.of("add:name", List.of(name)));
        assertThat(admin.get(added.location().replace(Deployments.base(), other))
                        .body())
                .contains("The password of " + name);

        admin.submit(admin.get("/console"), "Sign out");
        assertThat(admin.get(there).location()).contains("/sign-in");
    }

    private static <T> List<T> together(List<Callable<T>> calls) throws Exception {
        var threads = Executors.newFixedThreadPool(calls.size());
        try {
            var results = new ArrayList<T>();
            for (Future<T> one : threads.invokeAll(calls)) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
