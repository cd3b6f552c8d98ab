using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>
/// The floor: Kestrel as it comes, over HTTPS, that answers every request with the same bytes. No routing, no authentication, no objects.
/// A process of its own, so that it has what the gateway has and no more.
/// </summary>
internal sealed class BareHttps : IDisposable
{
    private readonly Process _process;

    private BareHttps(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts it in a process of its own.</summary>
    public static async Task<BareHttps> StartAsync(byte[] body)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, body);
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(BareHttps).Assembly.Location, "BareHttps", file]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("the bare server did not start");
        var address = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the bare server ended");
        File.Delete(file);
        return new(process, new(address));
    }

    /// <summary>The process's own part: serves the file's bytes until it is killed.</summary>
    public static async Task ServeAsync(string[] args)
    {
        var body = await File.ReadAllBytesAsync(args[0]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null))));
        await using var parts = builder.Build();
        var server = parts.Services.GetRequiredService<IServer>();
        await server.StartAsync(new Application(body), CancellationToken.None);
        Console.WriteLine(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Task.Delay(Timeout.Infinite);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private sealed class Application(byte[] body) : IHttpApplication<IFeatureCollection>
    {
        public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

        public async Task ProcessRequestAsync(IFeatureCollection context)
        {
            var response = context.Get<IHttpResponseFeature>()!;
            response.Headers.ContentType = "application/json";
            response.Headers.ContentLength = body.Length;
            await context.Get<IHttpResponseBodyFeature>()!.Writer.WriteAsync(body);
        }

        public void DisposeContext(IFeatureCollection context, Exception? exception)
        {
        }
    }
}
