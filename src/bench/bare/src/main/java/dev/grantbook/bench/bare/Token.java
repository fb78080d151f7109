package dev.grantbook.bench.bare;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

@Entity
@Cacheable
@Table(name = "token")
public class Token {

    @Id
    @Column(name = "owner")
    private String owner;

    @Column(name = "access_token")
    private String accessToken;

    @Column(name = "granted")
    private String granted;

    public String accessToken() {
        return accessToken;
    }

    public String granted() {
        return granted;
    }
}
