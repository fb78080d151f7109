package dev.grantbook;

import dev.grantbook.access.ApiKeyFilter;
import dev.grantbook.access.IdempotencyFilter;
import dev.grantbook.access.MetricsResource;
import dev.grantbook.access.RateLimitFilter;
import dev.grantbook.channel.ConversationsResource;
import dev.grantbook.flow.AccessBatchResource;
import dev.grantbook.flow.AccessResource;
import dev.grantbook.flow.AccountProofsResource;
import dev.grantbook.flow.AttemptsResource;
import dev.grantbook.flow.InvitationsResource;
import dev.grantbook.flow.ProxyResource;
import dev.grantbook.flow.RejectedResource;
import dev.grantbook.grant.ConfirmResource;
import dev.grantbook.grant.ConfirmationsResource;
import dev.grantbook.grant.GrantsResource;
import dev.grantbook.grant.InstallationsResource;
import dev.grantbook.grant.SubjectsResource;
import dev.grantbook.lifecycle.HoldingsResource;
import dev.grantbook.lifecycle.ImportResource;
import dev.grantbook.lifecycle.ImportsResource;
import dev.grantbook.lifecycle.SignatureResource;
import dev.grantbook.notice.DeliveriesResource;
import dev.grantbook.notice.ReplayResource;
import dev.grantbook.platform.CommitFailureMapper;
import dev.grantbook.platform.ProblemMapper;
import dev.grantbook.platform.RestApplication;
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
                HoldingsResource.class,
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
