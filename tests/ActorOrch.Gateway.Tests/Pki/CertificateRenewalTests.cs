using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests.Pki;

public sealed class CertificateRenewalTests : IAsyncLifetime
{
    private static readonly TimeSpan TenthsOfADecade = TimeSpan.FromDays(3650 * 0.99);

    private readonly SetClock _clock = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly LogRecorder _log = new();
    private TestGateway _gateway = null!;
    private int _renewals;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync(time: _clock, change: o => o with { Logging = _log });
        _gateway.Pki.Renewed += () => _renewals++;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_clock_that_leaps_by_more_than_a_certificates_life_costs_no_connection()
    {
        var before = await ServedAsync();
        _clock.Now += TimeSpan.FromDays(400);

        var served = await ServedAsync();

        Assert.NotEqual(before.Thumbprint, served.Thumbprint);
        Assert.InRange(served.NotAfter.ToUniversalTime(), _clock.Now.UtcDateTime.AddDays(364), _clock.Now.UtcDateTime.AddDays(366));
        Assert.Equal(1, _renewals);
        using var renewed = _gateway.NewClient(_gateway.Pki.Administrator);
        Assert.Equal(HttpStatusCode.OK, (await renewed.GetAsync("/api/v1/pods")).StatusCode);
        using var byToken = _gateway.NewClient(token: _gateway.Pki.AdministratorToken);
        Assert.Equal(HttpStatusCode.OK, (await byToken.GetAsync("/api/v1/pods")).StatusCode);
    }

    [Fact]
    public async Task A_timer_renews_them_where_nobody_connects()
    {
        var time = new ManualTime();
        using var scratch = new Scratch();
        var pki = ClusterPki.LoadOrCreate(scratch.Path, new(["localhost"], [IPAddress.Loopback]), time);
        using var renewal = new CertificateRenewal(pki, time, _log.CreateLogger(""));
        var first = pki.Serving;

        time.Leap(CertificateAuthority.Lifetime - ClusterPki.RenewBefore - TimeSpan.FromDays(1));
        Assert.Same(first, pki.Serving);
        time.Leap(TimeSpan.FromDays(2));

        Assert.NotSame(first, pki.Serving);
        Assert.Equal(pki.Serving.Thumbprint, ClusterPki.LoadOrCreate(scratch.Path, new(["localhost"], [IPAddress.Loopback]), time).Serving.Thumbprint);
    }

    [Fact]
    public async Task Who_comes_with_what_has_expired_is_told_so_and_the_log_once_a_minute()
    {
        var expired = _gateway.Pki.Administrator;
        using var connected = _gateway.NewClient(expired);
        Assert.Equal(HttpStatusCode.OK, (await connected.GetAsync("/api/v1/pods")).StatusCode);
        _clock.Now += TimeSpan.FromDays(400);

        // On the connection that was good before, and on new ones.
        foreach (var client in (HttpClient[])[connected, _gateway.NewClient(expired), _gateway.NewClient(expired)])
        {
            using var old = client;
            using var response = await old.GetAsync("/api/v1/pods");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("299 - \"the client certificate of \\\"kubernetes-admin\\\" expired on 2031-01-01 00:00:00Z\"", response.Headers.GetValues("Warning").Single());
        }

        Assert.Equal(["Warning: Answered with 401: the client certificate of \"kubernetes-admin\" expired on 2031-01-01 00:00:00Z"], _log.Lines);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_not_talked_about()
    {
        var expired = CertificateAuthority.Create("someone-else", _clock).IssueClient("kubernetes-admin", "system:masters");
        _clock.Now += TimeSpan.FromDays(400);
        using var stranger = _gateway.NewClient(expired);

        using var response = await stranger.GetAsync("/api/v1/pods");

        Assert.Equal((HttpStatusCode.Unauthorized, false), (response.StatusCode, response.Headers.Contains("Warning")));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Towards_the_authoritys_end_certificates_end_with_it_and_the_log_says_so()
    {
        _clock.Now += TenthsOfADecade;

        DateTime end = _gateway.Pki.Authority.Certificate.NotAfter;
        for (var i = 0; i < 3; i++) Assert.Equal(end, (await ServedAsync()).NotAfter);

        Assert.Equal(1, _renewals);
        using var administrator = _gateway.NewClient(_gateway.Pki.Administrator);
        Assert.Equal(HttpStatusCode.OK, (await administrator.GetAsync("/api/v1/pods")).StatusCode);
    }

    [Fact]
    public void The_authoritys_end_is_announced_a_year_before_once_a_day()
    {
        var time = new ManualTime();
        using var scratch = new Scratch();
        var pki = ClusterPki.LoadOrCreate(scratch.Path, new(["localhost"], [IPAddress.Loopback]), time);
        using var renewal = new CertificateRenewal(pki, time, _log.CreateLogger(""));
        time.Leap(TimeSpan.FromDays(3650 - 366));
        Assert.Empty(_log.Lines);

        time.Advance(TimeSpan.FromDays(3.5));

        Assert.Equal(3, _log.Lines.Count());
        Assert.All(_log.Lines, l => Assert.StartsWith("Warning: The cluster's certificate authority ends on 2039-12-30 00:00:00Z, in 36", l));
    }

    [Fact]
    public async Task What_cannot_be_written_is_served_nonetheless_and_said()
    {
        Directory.Delete(Path.Combine(_gateway.Scratch.Path, "pki"), recursive: true);
        _clock.Now += TimeSpan.FromDays(400);

        var served = await ServedAsync();
        await ServedAsync();

        Assert.True(served.NotAfter.ToUniversalTime() > _clock.Now.UtcDateTime);
        Assert.StartsWith("Error: The cluster's certificates could not be renewed or written: ", Assert.Single(_log.Lines));
    }

    /// <summary>What a new connection is shown.</summary>
    private async Task<X509Certificate2> ServedAsync()
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(_gateway.Server.Address.Host, _gateway.Server.Address.Port);
        await using var tls = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        return new(tls.RemoteCertificate!);
    }
}
