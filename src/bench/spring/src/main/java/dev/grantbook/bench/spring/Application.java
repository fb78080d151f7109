package dev.grantbook.bench.spring;

import static org.springframework.security.config.Customizer.withDefaults;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Principal;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.client.JdbcOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Users log in with PKCE, their tokens are kept in the database, and whoever has the key gets them by user. */
@SpringBootApplication
@RestController
public class Application {

    record Token(String access_token, Set<String> granted) {}

    private final OAuth2AuthorizedClientService clients;

    Application(OAuth2AuthorizedClientService clients) {
        this.clients = clients;
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @GetMapping("/ready")
    String ready() {
        return "ready";
    }

    @GetMapping("/done")
    String done(Principal user) {
        return "All set, " + user.getName();
    }

    @GetMapping("/api/token/{user}")
    Token token(@PathVariable String user) {
        var client = clients.loadAuthorizedClient("bench", user);
        if (client == null) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        }
        return new Token(
                client.getAccessToken().getTokenValue(), client.getAccessToken().getScopes());
    }

    @Configuration
    static class Security {

        @Bean
        OAuth2AuthorizedClientService clients(JdbcOperations jdbc, ClientRegistrationRepository registrations) {
            return new JdbcOAuth2AuthorizedClientService(jdbc, registrations);
        }

        /** Without a session; the key stands in a header. */
        @Bean
        @Order(1)
        SecurityFilterChain api(HttpSecurity http, @Value("${bench.key}") String key) throws Exception {
            byte[] expected = ("Bearer " + key).getBytes(StandardCharsets.UTF_8);
            return http.securityMatcher("/api/**", "/ready")
                    .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/ready")
                            .permitAll()
                            .anyRequest()
                            .access((user, context) -> {
                                String given = context.getRequest().getHeader("Authorization");
                                return new AuthorizationDecision(
                                        given != null && MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8)));
                            }))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain pages(HttpSecurity http, ClientRegistrationRepository registrations) throws Exception {
            var resolver = new DefaultOAuth2AuthorizationRequestResolver(registrations, "/oauth2/authorization");
            resolver.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .oauth2Login(login -> login.defaultSuccessUrl("/done", true)
                            .authorizationEndpoint(endpoint -> endpoint.authorizationRequestResolver(resolver)))
                    .logout(withDefaults())
                    .build();
        }
    }
}
