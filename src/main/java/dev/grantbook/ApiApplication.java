package dev.grantbook;

import dev.grantbook.access.AccessBatchResource;
import dev.grantbook.access.AccessResource;
import dev.grantbook.access.RejectedResource;
import dev.grantbook.apikey.ApiKeyFilter;
import dev.grantbook.apikey.IdempotencyFilter;
import dev.grantbook.apikey.MetricsResource;
import dev.grantbook.apikey.RateLimitFilter;
import dev.grantbook.authorization.attempt.AttemptsResource;
import dev.grantbook.conversation.ConversationsResource;
import dev.grantbook.delivery.DeliveriesResource;
import dev.grantbook.delivery.ReplayResource;
import dev.grantbook.grant.confirmation.ConfirmResource;
import dev.grantbook.grant.confirmation.ConfirmationsResource;
import dev.grantbook.grant.installation.InstallationsResource;
import dev.grantbook.imports.ImportResource;
import dev.grantbook.imports.ImportsResource;
import dev.grantbook.invitation.AccountProofsResource;
import dev.grantbook.invitation.InvitationsResource;
import dev.grantbook.platform.problem.CommitFailureMapper;
import dev.grantbook.platform.problem.ProblemMapper;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.proxy.ProxyResource;
import dev.grantbook.revocation.GrantsResource;
import dev.grantbook.subject.SubjectsResource;
import dev.grantbook.token.SecondaryTokensResource;
import dev.grantbook.token.SignatureResource;
import jakarta.ws.rs.ApplicationPath;
import java.util.Set;

/** The API for bots. */
@ApplicationPath("api/v1")
public class ApiApplication extends RestApplication {

    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(
                AccessResource.class,
                AccessBatchResource.class,
                AccountProofsResource.class,
                InvitationsResource.class,
                AttemptsResource.class,
                ProxyResource.class,
                GrantsResource.class,
                ConfirmResource.class,
                ConfirmationsResource.class,
                SecondaryTokensResource.class,
                RejectedResource.class,
                SignatureResource.class,
                ImportResource.class,
                ImportsResource.class,
                InstallationsResource.class,
                SubjectsResource.class,
                ConversationsResource.class,
                DeliveriesResource.class,
                ReplayResource.class,
                MetricsResource.class,
                ApiKeyFilter.class,
                RateLimitFilter.class,
                IdempotencyFilter.class,
                CommitFailureMapper.class,
                ProblemMapper.class);
    }
}
