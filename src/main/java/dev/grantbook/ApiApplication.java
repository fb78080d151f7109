package dev.grantbook;

import dev.grantbook.access.AccessBatchResource;
import dev.grantbook.access.AccessResource;
import dev.grantbook.apikey.ApiKeyFilter;
import dev.grantbook.apikey.IdempotencyFilter;
import dev.grantbook.apikey.MetricsResource;
import dev.grantbook.apikey.RateLimitFilter;
import dev.grantbook.authorization.attempt.AttemptsResource;
import dev.grantbook.connector.ReloadResource;
import dev.grantbook.conversation.ConversationsResource;
import dev.grantbook.delivery.DeliveriesResource;
import dev.grantbook.delivery.ReplayResource;
import dev.grantbook.doctor.CheckResource;
import dev.grantbook.grant.confirmation.ConfirmResource;
import dev.grantbook.grant.confirmation.ConfirmationsResource;
import dev.grantbook.grant.installation.InstallationsResource;
import dev.grantbook.imports.ImportResource;
import dev.grantbook.imports.ImportsResource;
import dev.grantbook.invitation.AccountProofsResource;
import dev.grantbook.invitation.InvitationsResource;
import dev.grantbook.platform.web.RestApplication;
import dev.grantbook.proxy.ProxyResource;
import dev.grantbook.revocation.GrantsResource;
import dev.grantbook.subject.SubjectsResource;
import dev.grantbook.token.RejectedResource;
import dev.grantbook.token.SecondaryTokensResource;
import dev.grantbook.token.SignatureResource;
import jakarta.ws.rs.ApplicationPath;

/** The API for bots. */
@ApplicationPath("api/v1")
public class ApiApplication extends RestApplication {

    public ApiApplication() {
        super(
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
                ReloadResource.class,
                CheckResource.class,
                DeliveriesResource.class,
                ReplayResource.class,
                MetricsResource.class,
                ApiKeyFilter.class,
                RateLimitFilter.class,
                IdempotencyFilter.class);
    }
}
