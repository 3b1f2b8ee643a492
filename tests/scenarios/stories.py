"""What the reference client goes through in each scenario, and how each step may end.

A step is a word of `journey.py`; `=` says the outcomes that are allowed (absent: `ok`), `:` gives
it an argument. `wait:7201` is longer than access tokens live;
`time_limit` is in real seconds.
"""

STORIES = {
    "happy_path": "connect me wait:7201 me refresh me",
    # Authorization
    "authorization_errors_redirected": "connect:unknown=config_error",
    "authorization_page_down": "connect=no_callback connect me",
    "doorkeeper_5_5": "refused_page=200 connect me",
    "doorkeeper_6": "metadata=200 connect me",
    "consent_page_stops_redirect": "connect me",
    "pkce_forced": "without_challenge=400 connect me",
    "pkce_ignored": "begin without_verifier=200 connect me",
    "redirect_uri_with_query": "connect me",
    "s256_refused": "connect=no_callback",
    "user_denies": "connect=denied me=reauth_required",
    # Callback
    "callback_denied_with_wrong_state": "connect=security_error",
    "callback_duplicate_code": "connect=security_error|protocol_error",
    "callback_duplicate_state": "connect=security_error|protocol_error",
    "callback_error_beside_code": "connect=denied",
    "callback_extra_parameters": "connect me",
    "callback_foreign_issuer": "issuer connect=security_error",
    "callback_hostile_description": "connect=denied",
    "callback_twice": "connect again=security_error me",
    "callback_twice_at_once": "connect again=security_error me",
    "callback_without_state": "connect=security_error",
    "callback_wrong_state": "connect=security_error",
    "code_replay_revokes": "connect again=security_error me replay_code=400 me=reauth_required",
    # Token exchange
    "exchange_answer_cut": "connect=transport_error connect me",
    "exchange_answer_lost": "connect=transport_error connect me",
    "exchange_answers_no_object": (
        "connect=protocol_error connect=protocol_error connect=protocol_error"
        " connect=protocol_error connect me"
    ),
    "exchange_burns_code": "connect=config_error replay_code=400 connect me",
    "exchange_error_200": "connect=protocol_error connect me",
    "exchange_error_of_odd_type": (
        "connect=protocol_error connect=protocol_error connect=protocol_error"
        " connect=protocol_error connect me"
    ),
    "exchange_expired_code": "begin wait:2 callback=reauth_required connect me",
    "exchange_html": (
        "connect=retry_later connect=protocol_error connect=protocol_error connect me"
    ),
    "exchange_invalid_client": "connect=config_error",
    "exchange_jsonapi_error": "connect=protocol_error|config_error connect me",
    "exchange_mislabelled": "connect me connect=protocol_error connect me",
    "exchange_odd_encodings": "connect me connect=ok|protocol_error me connect me",
    "exchange_redirected": (
        "connect=protocol_error connect=protocol_error connect=protocol_error"
        " connect=protocol_error connect=protocol_error connect me"
    ),
    "exchange_server_error": "connect=retry_later connect me",
    "exchange_truncated_json": "connect=protocol_error connect me",
    "exchange_unknown_error": "connect=protocol_error|config_error",
    "exchange_without_access_token": (
        "connect=protocol_error connect=protocol_error connect=protocol_error connect me"
    ),
    "form_bodies_only": "begin as_json=415 connect me",
    "invalid_grant_on_exchange": "connect=reauth_required me=reauth_required",
    "jwt_access_tokens": "connect me wait:7201 me",
    "odd_credentials": "connect me wait:7201 me",
    "token_deep_nesting": "connect=protocol_error connect me",
    "token_duplicate_keys": "connect me",
    "token_expires_in_huge": "connect me wait:7201 me",
    "token_expires_in_missing": "connect me wait:7201 me wait:7201 me",
    "token_expires_in_nonsense": "connect me wait:7201 me wait:7201 me wait:7201 me",
    "token_expires_in_text": "connect me wait:7201 me",
    "token_expires_in_zero": "connect me me me",
    "token_hostile_members": "connect me wait:7201 me",
    "token_scope_missing": "connect me wait:7201 me",
    "token_scope_narrowed": "connect granted:identity:read me get:/events=config_error",
    "token_type_in_any_case": "connect me wait:7201 me",
    "token_type_unknown": "connect=protocol_error connect=protocol_error connect me",
    "token_without_refresh_token": "connect me wait:7201 me=reauth_required",
    "tokens_large": "connect me wait:7201 me",
    "tokens_never_expire": "connect me wait:31536000 me",
    # Refresh
    "refresh_answer_late": "connect me wait:7201 time_limit:1 me",
    "refresh_answer_lost": "connect me wait:7201 me me",
    "refresh_answer_lost_for_good": "connect me wait:7201 me=reauth_required",
    "refresh_config_errors": (
        "connect wait:7201 me=config_error me=config_error me=config_error me=config_error me"
    ),
    "refresh_downgraded_to_http": "connect wait:7201 me=protocol_error me",
    "refresh_hangs": ("connect wait:7201 time_limit:0.4 me=transport_error time_limit:10 me"),
    "refresh_invalid_grant_401": "connect wait:7201 me=reauth_required",
    "refresh_latin_1_error": "connect wait:7201 me=reauth_required",
    "refresh_month_used_up": "connect wait:7201 me=retry_later wait:1728000 me",
    "refresh_outage": "connect wait:7201 me=retry_later me=transport_error|retry_later me",
    "refresh_rate_limited": "connect wait:7201 me slept:2",
    "refresh_redirected": "connect wait:7201 me=protocol_error me=protocol_error me",
    "refresh_refused_by_gateway": (
        "connect wait:7201 me=protocol_error|config_error me=protocol_error|config_error"
        " me=protocol_error|config_error me"
    ),
    "refresh_slow": "connect wait:7201 me me",
    "refresh_temporarily_unavailable": "connect wait:7201 me=retry_later me",
    "refresh_token_empty": "connect wait:7201 me wait:7201 me",
    "refresh_token_omitted": "connect wait:7201 me wait:7201 me",
    "refresh_token_unchanged": "connect refresh me old_refresh_token=200",
    "refreshed_token_refused": "connect me=reauth_required me=reauth_required",
    "refreshes_at_once": "connect wait:7201 me",
    "revoked_grant": "connect me=reauth_required me=reauth_required",
    "rotation_family": "connect refresh me old_refresh_token=400 me=reauth_required",
    "rotation_grace": (
        "connect refresh old_access_token=200 wait:31 old_access_token=401 old_refresh_token=400 me"
    ),
    "rotation_grace_then_family": (
        "connect refresh old_refresh_token=200 me wait:31 old_refresh_token=400 me=reauth_required"
    ),
    "rotation_instant": "connect refresh old_access_token=401 old_refresh_token=400 me",
    "rotation_same_pair": "connect refresh old_refresh_token=200 me",
    "short_lived_tokens": "connect me me wait:31 me",
    # The API
    "api_401_jsonapi": "connect me",
    "api_401_odd_challenges": "connect me me me",
    "api_answer_cut": "connect me=transport_error me",
    "api_broken_gzip": "connect me=protocol_error me=protocol_error me",
    "api_camel_case": "connect me",
    "api_close_delimited": "connect me=protocol_error me",
    "api_connection_lost": "connect me",
    "api_drips": "connect time_limit:0.4 me=transport_error time_limit:10 me",
    "api_endless_headers": "connect me=transport_error me",
    "api_flaky": "connect me me me",
    "api_hangs": "connect time_limit:0.4 me=transport_error",
    "api_huge_body": "connect me=protocol_error me",
    "api_maintenance_page": "connect me=protocol_error me=protocol_error me=protocol_error me",
    "api_not_found": "connect me=protocol_error me=protocol_error me=protocol_error me",
    "api_odd_errors": "connect me=protocol_error me=protocol_error me=protocol_error me",
    "api_odd_text": "connect me=ok|protocol_error",
    "api_plain_json": "connect me",
    "api_recovers": "connect me",
    "api_redirected": "connect me=protocol_error me=protocol_error me",
    "api_unreadable": "connect me=protocol_error me=protocol_error me",
    "browsers_let_in": "connect me",
    "contacts_used_up": "connect me=config_error",
    "expired_access_token": "connect me",
    "foreign_next_link": "connect get:/events",
    "missing_scope": "connect me=config_error",
    "missing_scope_401": "connect me=reauth_required|config_error",
    "missing_scope_unchallenged": "connect me=config_error",
    "events_writable": "connect get:/events",
    "workspace": "connect me get:/events get:/sessions",
    "workspace_large": "connect me get:/events get:/sessions",
    "page_loop": "connect get:/events",
    "organization_shows_user": "connect get:/organization",
    "private_token_shows_user": "private_me=200",
    "redirect_loop": "connect me=protocol_error",
    "redirect_nowhere": "connect me=protocol_error me=protocol_error me=protocol_error me",
    "server_error_html": "connect me=retry_later wait:7201 me",
    "stale_keep_alive": "connect me me",
    "two_users": "connect me",
    "workspace_blocked": "connect me=config_error",
    # Rate limits
    "burst_limit": "connect me me slept:1",
    "limits_cover_token_endpoint": "connect connect=ok|retry_later wait:1 connect me",
    "monthly_limit": "connect me me=retry_later",
    "monthly_limit_by_calendar": "connect me me=retry_later",
    "rate_limit_reset_in_milliseconds": "connect me me=retry_later",
    "rate_limit_reset_on_every_answer": "connect me me slept:0",
    "rate_limited": "connect me slept:2",
    "rate_limited_for_ever": "connect me=retry_later",
    "rate_limited_without_json": "connect me=retry_later me",
    "retry_after_absent": "connect me",
    "retry_after_date": "connect me slept:3",
    "retry_after_nonsense": "connect me=retry_later me",
    "retry_after_zero": "connect me=retry_later",
}

EVIDENCE = {
    "api_camel_case": r'"firstName":"Ada"',
    "api_plain_json": r"\ncontent-type: application/json\n[^{]*\{\"data\"",
    "browsers_let_in": r"\nvary: [^\n]*Origin\n",
    "consent_page_stops_redirect": r"\ncontent-security-policy: form-action 'self'\n",
    "foreign_next_link": r'"next":"https://attacker\.example\.test/',
    "jwt_access_tokens": r'"access_token":"eyJ',
    "limits_cover_token_endpoint": r"\nratelimit-interval-limit: .*\n(.+\n)*\n\{\"access_token",
    "monthly_limit_by_calendar": r"\nratelimit-reset: \d{1,7}\n",
    "odd_credentials": r'"client_id": "-example_client-id_"',
    "organization_shows_user": r'"relationships":\{"organization":\{"data":',
    "workspace": r'"record_count":8,',
    "workspace_large": r'"record_count":608,',
    "page_loop": r'"next_page":0',
    "private_token_shows_user": r'"type":"users"',
    "rate_limit_reset_in_milliseconds": r"\nratelimit-reset: \d{13}\n",
    "rate_limit_reset_on_every_answer": r"\nratelimit-reset: \d{4}-\d\d-\d\dT",
    "redirect_uri_with_query": r"callback\?tenant=a%26b&lang=fr&code=",
    "rotation_same_pair": r'(?s)"refresh_token":"([^"]+)","scope".*"refresh_token":"\1","scope"',
    "short_lived_tokens": r'"expires_in":30\b',
    "tokens_never_expire": r'"access_token":"[^"]*","token_type":"Bearer","refresh_token"',
    "two_users": r'"name":"First Workspace"',
}
"""For scenarios without a fault whose steps end as in `happy_path`: what shows in an exchange."""
