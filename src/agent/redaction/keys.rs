//! Shapes of the keys and tokens that providers hand out, by the prefix that each documents.

/// One provider's key: its name, the words one of which must be there, and the pattern.
pub struct Shape {
    /// The provider.
    pub name: &'static str,
    /// A text without any of these cannot match, so the pattern is not tried. Matched in any case.
    pub hints: &'static [&'static str],
    /// The pattern. It matches where no letter, digit or underscore stands before it.
    pub pattern: &'static str,
}

macro_rules! shapes {
    ($($name:literal [$($hint:literal),+] $pattern:literal;)+) => {
        &[$(Shape { name: $name, hints: &[$($hint),+], pattern: $pattern }),+]
    };
}

/// All shapes, by the name of the provider. To add one, add a line and a sample in `tests/agent`.
pub const SHAPES: &[Shape] = shapes! {
    "1password" ["ops_", "a3-"] r"(?:ops_eyJ[A-Za-z0-9+/=]{50,}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5})";
    "adobe" ["p8e-"] r"p8e-[A-Za-z0-9]{32}";
    "age" ["age-secret-key-"] r"AGE-SECRET-KEY-1[0-9A-Z]{58}";
    "airtable" ["pat"] r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}";
    "alibaba" ["ltai"] r"LTAI[A-Za-z0-9]{20}";
    "anthropic" ["sk-ant-"] r"sk-ant-[A-Za-z0-9_-]{20,}";
    "artifactory" ["akcp", "cmvmd"] r"(?:AKCp[A-Za-z0-9]{60,}|cmVmd[A-Za-z0-9]{59})";
    "atlassian" ["atatt3", "atctt3", "atbb"] r"(?:AT[AC]TT3[A-Za-z0-9_=-]{50,}|ATBB[A-Za-z0-9]{28,36})";
    "aws access key" ["akia", "asia", "abia", "acca", "a3t"] r"(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b";
    "aws bedrock" ["absk", "bedrock-api-key-"] r"(?:ABSK[A-Za-z0-9+/]{109,269}={0,2}|bedrock-api-key-[A-Za-z0-9+/=_-]{20,})";
    "azure ad" ["q~"] r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}";
    "brevo" ["xkeysib-", "xsmtpsib-"] r"(?:xkeysib|xsmtpsib)-[a-f0-9]{64}-[A-Za-z0-9]{16}";
    "clickhouse" ["4b1d"] r"4b1d[A-Za-z0-9]{38}\b";
    "clojars" ["clojars_"] r"(?i)CLOJARS_[a-z0-9]{60}";
    "cloudflare origin" ["v1.0-"] r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}";
    "contentful" ["cfpat-"] r"CFPAT-[A-Za-z0-9_-]{43}";
    "databricks" ["dapi"] r"dapi[a-f0-9]{32}(?:-[0-9])?";
    "defined networking" ["dnkey-"] r"dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}";
    "digitalocean" ["do"] r"do[opr]_v1_[a-f0-9]{64}";
    "discord bot" ["."] r"[MNO][A-Za-z0-9_-]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}";
    "discord webhook" ["/api/webhooks/"] r"https://(?:[a-z]+\.)?discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{20,}";
    "docker" ["dckr_"] r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{24,}";
    "doppler" ["dp."] r"dp\.(?:ct|pt|st|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}";
    "duffel" ["duffel_"] r"duffel_(?:test|live)_[A-Za-z0-9_=-]{43}";
    "dynatrace" ["dt0c01."] r"(?i)dt0c01\.[a-z0-9]{24}\.[a-z0-9]{64}";
    "easypost" ["ezak", "eztk"] r"EZ[AT]K[A-Za-z0-9]{54}";
    "facebook" ["eaa", "|"] r"(?:EAA[MC][A-Za-z0-9]{100,}|[0-9]{15,16}\|[A-Za-z0-9_-]{27})";
    "figma" ["figd_"] r"figd_[A-Za-z0-9_-]{30,}";
    "flutterwave" ["flw"] r"FLW(?:SECK|PUBK)(?:_TEST)?-[A-Za-z0-9]{12,}(?:-X)?";
    "fly.io" ["fo1_", "fm1", "fm2_"] r"(?:fo1_[A-Za-z0-9_-]{43}|fm1[ar]_[A-Za-z0-9+/]{100,}={0,3}|fm2_[A-Za-z0-9+/]{100,}={0,3})";
    "frame.io" ["fio-u-"] r"fio-u-[A-Za-z0-9_=-]{64}";
    "github" ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"] r"gh[pousr]_[A-Za-z0-9]{30,255}";
    "github fine-grained" ["github_pat_"] r"github_pat_[A-Za-z0-9_]{22,255}";
    "gitlab" ["gl", "gr1348941"] r"(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct|wt)-[A-Za-z0-9_=.-]{20,}|GR1348941[A-Za-z0-9_-]{20,})";
    "gitlab session" ["_gitlab_session="] r"_gitlab_session=[0-9a-z]{32}";
    "gocardless" ["live_"] r"live_[A-Za-z0-9_=-]{40}\b";
    "google api" ["aiza"] r"AIza[A-Za-z0-9_-]{35}";
    "google oauth" ["ya29.", "gocspx-", "1//0"] r"(?:ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{24,}|1//0[A-Za-z0-9_-]{40,})";
    "grafana" ["glc_", "glsa_", "eyjrijoi"] r"(?:glc_[A-Za-z0-9+/]{32,400}={0,3}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|eyJrIjoi[A-Za-z0-9+/=_-]{50,400})";
    "groq" ["gsk_"] r"gsk_[A-Za-z0-9]{40,}";
    "harness" ["pat.", "sat."] r"[ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}";
    "hashicorp vault" ["hvs.", "hvb.", "s."] r"(?:hv[sb]\.[A-Za-z0-9_-]{24,}|s\.[A-Za-z0-9]{24}\b)";
    "heroku" ["hrku-"] r"HRKU-[A-Za-z0-9_-]{36,}";
    "hugging face" ["hf_", "api_org_"] r"(?:hf_|api_org_)[A-Za-z0-9]{34}";
    "infracost" ["ico-"] r"ico-[A-Za-z0-9]{32}";
    "intra42" ["s-s4t2"] r"s-s4t2(?:ud|af)-[a-f0-9]{64}";
    "jwt" ["eyj", "zxlk"] r"(?:eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9/\\_-]{8,}\.[A-Za-z0-9/\\_-]{0,}={0,2}|ZXlK[A-Za-z0-9+/=_-]{60,})";
    "linear" ["lin_"] r"lin_(?:api|oauth)_[A-Za-z0-9]{32,}";
    "lob" ["live_", "test_"] r"(?:live|test)_(?:pub_)?[a-f0-9]{31,35}\b";
    "mailchimp" ["-us"] r"[a-f0-9]{32}-us[0-9]{1,2}\b";
    "mailgun" ["key-"] r"(?:pub)?key-[a-f0-9]{32}";
    "mapbox" ["pk.", "sk."] r"[ps]k\.[A-Za-z0-9_-]{60,}\.[A-Za-z0-9_-]{22}";
    "maxmind" ["_mmk"] r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk";
    "microsoft teams" ["webhook.office.com"] r"https://[a-z0-9-]+\.webhook\.office\.com/webhookb2/[a-z0-9@-]{30,}/IncomingWebhook/[a-z0-9]{32}/[a-z0-9-]{36}";
    "new relic" ["nrak-", "nrii-", "nrjs-", "nraa-", "nrrs-"] r"NR(?:AK|II|JS|AA|RS)-[A-Za-z0-9-]{19,}";
    "notion" ["ntn_", "secret_"] r"(?:ntn_[0-9]{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43})";
    "npm" ["npm_"] r"npm_[A-Za-z0-9]{36}";
    "nuget" ["oy2"] r"oy2[a-z0-9]{43}\b";
    "octopus" ["api-"] r"API-[A-Z0-9]{26}\b";
    "openai" ["sk-"] r"sk-(?:(?:proj|svcacct|admin|None)-)?[A-Za-z0-9][A-Za-z0-9_-]{19,}";
    "openshift" ["sha256~"] r"sha256~[A-Za-z0-9_-]{43}";
    "perplexity" ["pplx-"] r"pplx-[A-Za-z0-9]{48}";
    "plaid" ["access-"] r"access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    "planetscale" ["pscale_"] r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_=.-]{32,64}";
    "postman" ["pmak-"] r"PMAK-[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}";
    "prefect" ["pnu_"] r"pnu_[A-Za-z0-9]{36}";
    "pulumi" ["pul-"] r"pul-[a-f0-9]{40}";
    "pypi" ["pypi-"] r"pypi-AgE[A-Za-z0-9_-]{30,}";
    "readme" ["rdme_"] r"rdme_[a-z0-9]{70}";
    "replicate" ["r8_"] r"r8_[A-Za-z0-9]{37}";
    "rubygems" ["rubygems_"] r"rubygems_[a-f0-9]{48}";
    "scalingo" ["tk-us-"] r"tk-us-[A-Za-z0-9_-]{48}";
    "sendgrid" ["sg."] r"(?i)SG\.[a-z0-9=_.-]{30,}";
    "sentry" ["sntrys_", "sntryu_"] r"(?:sntrys_eyJ[A-Za-z0-9+/=_]{20,}|sntryu_[a-f0-9]{64})";
    "settlemint" ["sm_"] r"sm_(?:aat|pat|sat)_[A-Za-z0-9]{16}";
    "shippo" ["shippo_"] r"shippo_(?:live|test)_[a-fA-F0-9]{40}";
    "shopify" ["shp"] r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}";
    "slack app" ["xapp-", "xoxe"] r"(?i)(?:xapp-[0-9]-[A-Z0-9]+-[0-9]+-[a-z0-9]+|xoxe\.xox[bp]-[0-9]-[A-Z0-9]{20,})";
    "slack token" ["xox"] r"(?i)xox[abeoprs]-[A-Za-z0-9-]{8,}";
    "slack webhook" ["hooks.slack.com"] r"(?:https?://)?hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,}";
    "snyk" ["snyk_"] r"snyk_(?:uat|sat)\.[a-z0-9]{8}\.[A-Za-z0-9._-]{20,}";
    "sonar" ["sq"] r"sq[apu]_[a-f0-9]{40}";
    "sourcegraph" ["sgp_", "slk_"] r"(?:sgp_(?:[A-Fa-f0-9]{16}_|local_)?[A-Fa-f0-9]{40}|slk_[a-f0-9]{64})";
    "square" ["eaaa", "sq0"] r"(?:EAAA[A-Za-z0-9_=-]{22,60}|sq0(?:atp|csp|idp)-[A-Za-z0-9_=-]{22,60})";
    "stripe" ["sk_", "rk_", "pk_live_"] r"(?:[sr]k_(?:live|test|prod)|pk_live)_[A-Za-z0-9]{10,}";
    "stripe webhook" ["whsec_"] r"whsec_[A-Za-z0-9+/=_-]{16,}";
    "supabase" ["sbp_", "sb_secret_"] r"(?:sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{20,})";
    "tailscale" ["tskey-"] r"tskey-[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]{16,}";
    "telegram" [":a"] r"[0-9]{5,16}:A[A-Za-z0-9_-]{34}";
    "terraform" [".atlasv1."] r"[A-Za-z0-9]{14}\.(?i:atlasv1)\.[A-Za-z0-9_=-]{60,70}";
    "twilio" ["sk"] r"SK[0-9a-fA-F]{32}\b";
    "typeform" ["tfp_"] r"tfp_[A-Za-z0-9_.=-]{59}";
    "xai" ["xai-"] r"xai-[A-Za-z0-9]{60,}";
    "yandex" ["t1.", "aqvn", "ycaj"] r"(?:t1\.[A-Za-z0-9_-]+={0,2}\.[A-Za-z0-9_-]{86}={0,2}|AQVN[A-Za-z0-9_-]{35,38}|YC[A-Za-z0-9_-]{38})";
};
