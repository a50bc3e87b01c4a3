//! The git hosts. Fingerprints are those that each host publishes; what could not be confirmed is left out.

use super::git_host::{HostKey, Provider, current, retired};

/// What a provider has that says nothing of itself.
const PLAIN: Provider = Provider {
    id: "",
    name: "",
    hosts: &[],
    users: &["git"],
    alternate: None,
    software: &[],
    host_keys: &[],
    keys_page: None,
    public_keys: None,
    accepts_any: false,
    mistaken_for: &[],
};

const GITHUB_KEYS: &[HostKey] = &[
    current("ED25519", "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"),
    current("ECDSA", "SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM"),
    current("RSA", "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s"),
    retired("RSA", "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8", "2023-03-24"),
    retired("DSA", "SHA256:br9IjFspm1vxR3iA35FWE+4VTyz1hYVLIE2t1/CeyWQ", "2022-03-15"),
];

/// The providers, in the order in which they are tried.
pub const PROVIDERS: &[Provider] = &[
    Provider {
        id: "github",
        name: "GitHub",
        hosts: &["github.com"],
        alternate: Some(("ssh.github.com", 443)),
        software: &["babeld"],
        host_keys: GITHUB_KEYS,
        keys_page: Some("https://github.com/settings/keys"),
        public_keys: Some("https://github.com/{}.keys"),
        mistaken_for: &["github.org", "www.github.com", "api.github.com"],
        ..PLAIN
    },
    Provider { id: "github-enterprise", name: "GitHub Enterprise Cloud", hosts: &[".ghe.com"], users: &[], ..PLAIN },
    Provider {
        id: "bitbucket",
        name: "Bitbucket",
        hosts: &["bitbucket.org"],
        alternate: Some(("altssh.bitbucket.org", 443)),
        software: &["conker_"],
        host_keys: &[
            current("ED25519", "SHA256:ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM"),
            current("ECDSA", "SHA256:FC73VB6C4OQLSCrjEayhMp9UMxS97caD/Yyi2bhW/J0"),
            current("RSA", "SHA256:46OSHA1Rmj8E8ERTC6xkNcmGOw9oFxYr0WF6zWW8l1E"),
            retired("RSA", "SHA256:zzXQOXSRBEiUtuE8AikJYKwbHaxvSc0ojez9YXaGp1A", "2023-06-20"),
        ],
        keys_page: Some("https://bitbucket.org/account/settings/ssh-keys/"),
        mistaken_for: &["bitbucket.com", "www.bitbucket.org"],
        ..PLAIN
    },
    Provider {
        id: "bitbucket-data-center",
        name: "Bitbucket Data Center",
        software: &["SSHD-CORE-", "SSHD-UNKNOWN"],
        ..PLAIN
    },
    Provider {
        id: "gitlab",
        name: "GitLab",
        hosts: &["gitlab.com"],
        alternate: Some(("altssh.gitlab.com", 443)),
        software: &["GitLab-SSHD"],
        host_keys: &[
            current("ED25519", "SHA256:eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8"),
            current("ECDSA", "SHA256:HbW3g8zUjNSksFbqTiUWPWg2Bq1x8xdGUrliXFzSnUw"),
            current("RSA", "SHA256:ROQFvPThGrW4RuWLoL9tq9I9zJ42fK4XywyRtbOz/EQ"),
        ],
        keys_page: Some("https://gitlab.com/-/user_settings/ssh_keys"),
        public_keys: Some("https://gitlab.com/{}.keys"),
        mistaken_for: &["gitlab.org", "www.gitlab.com"],
        ..PLAIN
    },
    Provider {
        id: "azure-devops",
        name: "Azure DevOps",
        hosts: &["ssh.dev.azure.com"],
        software: &["SSHBlackbox"],
        host_keys: &[current("RSA", "SHA256:ohD8VZEXGWo6Ez8GSEJQ9WpafgLFsOfLOtGGQCQo6Og")],
        keys_page: Some("https://dev.azure.com/ORGANISATION/_usersSettings/keys"),
        accepts_any: true,
        mistaken_for: &["dev.azure.com"],
        ..PLAIN
    },
    Provider {
        id: "visual-studio",
        name: "Azure DevOps (visualstudio.com)",
        hosts: &["vs-ssh.visualstudio.com"],
        users: &[],
        host_keys: &[current("RSA", "SHA256:ohD8VZEXGWo6Ez8GSEJQ9WpafgLFsOfLOtGGQCQo6Og")],
        accepts_any: true,
        ..PLAIN
    },
    Provider {
        id: "codecommit",
        name: "AWS CodeCommit",
        hosts: &[
            "git-codecommit.us-east-1.amazonaws.com",
            "git-codecommit.us-east-2.amazonaws.com",
            "git-codecommit.us-west-1.amazonaws.com",
            "git-codecommit.us-west-2.amazonaws.com",
            "git-codecommit.ca-central-1.amazonaws.com",
            "git-codecommit.eu-west-1.amazonaws.com",
            "git-codecommit.eu-west-2.amazonaws.com",
            "git-codecommit.eu-west-3.amazonaws.com",
            "git-codecommit.eu-central-1.amazonaws.com",
            "git-codecommit.ap-northeast-1.amazonaws.com",
            "git-codecommit.ap-northeast-2.amazonaws.com",
            "git-codecommit.ap-southeast-1.amazonaws.com",
            "git-codecommit.ap-southeast-2.amazonaws.com",
            "git-codecommit.ap-south-1.amazonaws.com",
            "git-codecommit.sa-east-1.amazonaws.com",
        ],
        users: &[],
        host_keys: &[
            current("RSA", "SHA256:eLMY1j0DKA4uvDZcl/KgtIayZANwX6t8+8isPtotBoY"),
            current("RSA", "SHA256:3lBlW2g5xn/NA2Ck6dyeJIrQOWvn7n8UEs56fG6ZIzQ"),
            current("RSA", "SHA256:gzauWTWXDK2u5KuMMi5vbKTmfyerdIwgSbzYBODLpzg"),
            current("RSA", "SHA256:0pJx9SQpkbPUAHwy58UVIq0IHcyo1fwCpOOuVgcAWPo"),
            current("RSA", "SHA256:Qz5puafQdANVprLlj6r0Qyh4lCNsF6ob61dGcPtFS7w"),
            current("RSA", "SHA256:tKjRkOL8dmJyTmSbeSdN1S8F/f0iql3RlvqgTOP1UyQ"),
            current("RSA", "SHA256:r0Rwz5k/IHp/QyrRnfiM9j02D5UEqMbtFNTuDG2hNbs"),
            current("RSA", "SHA256:uw7c2FL564jVoFgtc+ikzILnKBsZz7t9+CFdSJjKbLI"),
            current("RSA", "SHA256:MwGrkiEki8QkkBtlAgXbYt0hoZYBnZF62VY5RzGJEUY"),
            current("RSA", "SHA256:Xk/WeYD/K/bnBybzhiuu4dWpBJtXPf7E30jHU7se4Ow"),
            current("RSA", "SHA256:eegAPQrWY9YsYo9ZHIKOmxetfXBHzAZd8Eya53Qcwko"),
            current("RSA", "SHA256:ZIsVa7OVzxrTIf+Rk4UbhPv6Es22mSB3uTBojfPXIno"),
            current("RSA", "SHA256:nYp+gHas80HY3DqbP4yanCDFhqDVjseefVbHEXqH2Ec"),
            current("RSA", "SHA256:hUKwnTj7+Xpx4Kddb6p45j4RazIJ4IhAMD8k29itOfE"),
            current("RSA", "SHA256:kW+VKB0jpRaG/ZbXkgbtMQbKgEDK7JnISV3SVoyCmzU"),
        ],
        ..PLAIN
    },
    Provider {
        id: "codeberg",
        name: "Codeberg",
        hosts: &["codeberg.org"],
        host_keys: &[
            current("ED25519", "SHA256:mIlxA9k46MmM6qdJOdMnAQpzGxF4WIVVL+fj+wZbw0g"),
            current("ECDSA", "SHA256:T9FYDEHELhVkulEKKwge5aVhVTbqCW0MIRwAfpARs/E"),
            current("RSA", "SHA256:6QQmYi4ppFS4/+zSZ5S4IU+4sa6rwvQ4PbhCtPEBekQ"),
        ],
        keys_page: Some("https://codeberg.org/user/settings/keys"),
        public_keys: Some("https://codeberg.org/{}.keys"),
        ..PLAIN
    },
    Provider { id: "gitea", name: "Gitea", users: &[], ..PLAIN },
    Provider { id: "forgejo", name: "Forgejo", users: &[], ..PLAIN },
    Provider { id: "gitolite", name: "gitolite", users: &[], ..PLAIN },
    Provider { id: "gogs", name: "Gogs", users: &[], ..PLAIN },
    Provider {
        id: "sourcehut",
        name: "SourceHut",
        hosts: &["git.sr.ht"],
        host_keys: &[
            current("ED25519", "SHA256:WXXNZu0YyoE3KBl5qh4GsnF1vR0NeEPYJAiPME+P09g"),
            current("ECDSA", "SHA256:1nUUjsHH0qwfjI3dYFWlXTjPUP/Un1oo6wfu9YL8tCQ"),
            current("RSA", "SHA256:rvz/I0S1T/9If9+/CU0HDTF8AV4MPu5Gkkxsb7vUTH4"),
        ],
        keys_page: Some("https://meta.sr.ht/keys"),
        public_keys: Some("https://meta.sr.ht/~{}.keys"),
        ..PLAIN
    },
    Provider {
        id: "hugging-face",
        name: "Hugging Face",
        hosts: &["hf.co"],
        host_keys: &[
            current("ED25519", "SHA256:dVjzGIdV7d6cwKIeZiCoRMa2gMvSKfGZAvHf4gMiMao"),
            current("ECDSA", "SHA256:aBG5R7IomF4BSsx/h6tNAUVLhEkkaNGB8Sluyh/Q/qY"),
            current("RSA", "SHA256:uqjYymysBGCXXiMVebB8L8RIuWbPSKGBxQQNhcT5a3Q"),
        ],
        keys_page: Some("https://huggingface.co/settings/keys"),
        accepts_any: true,
        mistaken_for: &["huggingface.co"],
        ..PLAIN
    },
    Provider {
        id: "launchpad",
        name: "Launchpad",
        hosts: &["git.launchpad.net", "bazaar.launchpad.net"],
        users: &[],
        keys_page: Some("https://launchpad.net/~/+editsshkeys"),
        ..PLAIN
    },
    Provider { id: "gerrit", name: "Gerrit", users: &[], software: &["GerritCodeReview"], ..PLAIN },
    Provider {
        id: "gitee",
        name: "Gitee",
        hosts: &["gitee.com"],
        keys_page: Some("https://gitee.com/profile/sshkeys"),
        ..PLAIN
    },
];
