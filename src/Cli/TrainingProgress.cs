using System.Globalization;
using Agentic.Training;

namespace Agentic.Cli;

/// <summary>Updates as they are made, on standard error: one line that is rewritten on a screen, plain lines now and then elsewhere.</summary>
internal sealed class TrainingProgress(Terminal terminal, int updates, int done) : IProgress<UpdateReport>
{
    private static readonly TimeSpan LivePause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainPause = TimeSpan.FromSeconds(10);

    /// <summary>Weight of the newest update in the shown averages.</summary>
    private const double Newest = 0.05;

    private readonly long _begin = terminal.Clock.GetTimestamp();
    private long _shown = terminal.Clock.GetTimestamp();
    private double? _loss;
    private double? _rate;
    private bool _isOpen;

    public void Report(UpdateReport value)
    {
        (_loss, _rate) = (Averaged(_loss, value.Loss), Averaged(_rate, value.TokensPerSecond));
        if (terminal.Clock.GetElapsedTime(_shown) >= (terminal.IsErrorScreen ? LivePause : PlainPause) || value.Update == updates)
        {
            _shown = terminal.Clock.GetTimestamp();
            Write(Line(value));
        }
    }

    /// <summary>Ends the line that is being rewritten, so that what follows begins a new one.</summary>
    public void End()
    {
        if (_isOpen)
        {
            terminal.Error.WriteLine();
            _isOpen = false;
        }
    }

    private void Write(string line)
    {
        if (terminal.IsErrorScreen)
        {
            // Back to the start, and what was longer is cleared.
            terminal.Error.Write("\r" + line + "\u001b[K");
            _isOpen = true;
        }
        else
        {
            terminal.Error.WriteLine(line);
        }
    }

    private string Line(UpdateReport at)
    {
        var left = terminal.Clock.GetElapsedTime(_begin) / (at.Update - done) * (updates - at.Update);
        var heldOut = at.Metrics.TryGetValue("eval_loss", out var loss) ? string.Create(CultureInfo.InvariantCulture, $", held out {loss:0.0000}") : "";
        var pairs = at.Metrics.TryGetValue("rewards/accuracies", out var accuracy) ? string.Create(CultureInfo.InvariantCulture, $", accuracy {accuracy:0.00}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"update {at.Update:N0} of {updates:N0}, loss {_loss:0.0000}{pairs}{heldOut}, {_rate:N0} tokens/s, {Environment.WorkingSet >> 20:N0} MiB, {left:h\\:mm\\:ss} left");
    }

    private static double Averaged(double? average, double value) => average is { } known ? known + (Newest * (value - known)) : value;
}
