using System.Security.Cryptography;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Gateway.Pki;

/// <summary>
/// Renews the certificates of a running process well before they end: looked at by a timer, and with each connection, so that a clock that
/// was set forward by a year costs not one refused client more than it must. Of the authority's own end it warns from a year before.
/// </summary>
internal sealed partial class CertificateRenewal : IDisposable
{
    /// <summary>How often the timer looks. It waits in steps: a clock that is set forward makes no timer due.</summary>
    internal static readonly TimeSpan Step = TimeSpan.FromMinutes(10);

    /// <summary>How long before the authority's end each day says so.</summary>
    internal static readonly TimeSpan WarnBefore = TimeSpan.FromDays(365);

    private readonly ClusterPki _pki;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DeadlineTimer _timer;
    private readonly Lock _gate = new();
    private long _dueTicks;
    private DateTimeOffset _warnedAt = DateTimeOffset.MinValue;

    public CertificateRenewal(ClusterPki pki, TimeProvider time, ILogger log)
    {
        _pki = pki;
        _time = time;
        _log = log;
        _dueTicks = pki.RenewalDue.UtcTicks;
        WarnOfAuthority(time.GetUtcNow());
        _timer = DeadlineTimer.Every(time, Step, "the renewal of certificates", Look);
    }

    /// <summary>Renews what is due. Cheap while nothing is; never throws.</summary>
    public void RenewDue()
    {
        var now = _time.GetUtcNow();
        if (now.UtcTicks < Volatile.Read(ref _dueTicks)) return;
        lock (_gate)
        {
            if (now.UtcTicks >= _dueTicks) Renew(now);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        RenewDue();
        lock (_gate) WarnOfAuthority(_time.GetUtcNow());
    }

    private void Renew(DateTimeOffset now)
    {
        try
        {
            _pki.Renew(now);
            LogRenewed(_pki.Serving.NotAfter.ToUniversalTime(), _pki.Administrator.NotAfter.ToUniversalTime());
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            LogFailed(failed.Message, Step);
        }
        // What failed is tried again, but not by every connection.
        var due = _pki.RenewalDue;
        Volatile.Write(ref _dueTicks, (due <= now ? now.After(Step) : due).UtcTicks);
    }

    private void WarnOfAuthority(DateTimeOffset now)
    {
        DateTimeOffset end = _pki.Authority.Certificate.NotAfter;
        if (end - now > WarnBefore || now - _warnedAt < TimeSpan.FromDays(1)) return;
        _warnedAt = now;
        LogAuthorityEnds(end.UtcDateTime, (int)Math.Max(0, (end - now).TotalDays), (int)ClusterPki.RenewBefore.TotalDays);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The cluster's certificates were renewed: the API's ends on {Serving:u}, the administrator's on {Administrator:u}")]
    private partial void LogRenewed(DateTime serving, DateTime administrator);

    [LoggerMessage(Level = LogLevel.Error, Message = "The cluster's certificates could not be renewed or written: {Why}; trying again in {Pause}")]
    private partial void LogFailed(string why, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The cluster's certificate authority ends on {End:u}, in {Days} days. A start within its last {RenewalDays} days makes a new one: every kubeconfig and client certificate has to be given out again then")]
    private partial void LogAuthorityEnds(DateTime end, int days, int renewalDays);
}
