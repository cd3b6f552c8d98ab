using System.Text.RegularExpressions;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>Numbers whose last digit follows from the others.</summary>
internal static partial class CheckDigits
{
    /// <summary>Of a book, ten digits, of which the last may be X; with blanks and dashes anywhere.</summary>
    public static bool IsIsbn10(string text)
    {
        var number = Blanks().Replace(text, "");
        if (!Isbn10().IsMatch(number)) return false;
        var sum = 0;
        for (var i = 0; i < 10; i++) sum += (i + 1) * (number[i] == 'X' ? 10 : number[i] - '0');
        return sum % 11 == 0;
    }

    /// <summary>Of a book, thirteen digits; with blanks and dashes anywhere.</summary>
    public static bool IsIsbn13(string text)
    {
        var number = Blanks().Replace(text, "");
        if (!Isbn13().IsMatch(number)) return false;
        var sum = 0;
        for (var i = 0; i < 13; i++) sum += (i % 2 == 0 ? 1 : 3) * (number[i] - '0');
        return sum % 10 == 0;
    }

    /// <summary>Of a credit card, with anything between the digits.</summary>
    public static bool IsCreditCard(string text)
    {
        var number = Others().Replace(text, "");
        if (!CreditCard().IsMatch(number)) return false;
        var sum = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var digit = number[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
        }
        return sum % 10 == 0;
    }

    [GeneratedRegex(@"[\s-]+", RegexOptions.ECMAScript)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"[^0-9]+")]
    private static partial Regex Others();

    [GeneratedRegex(@"\A[0-9]{9}[0-9X]\z")]
    private static partial Regex Isbn10();

    [GeneratedRegex(@"\A[0-9]{13}\z")]
    private static partial Regex Isbn13();

    [GeneratedRegex(@"\A(4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|6(011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[68][0-9])[0-9]{11}|(2131|1800|35[0-9]{3})[0-9]{11})\z")]
    private static partial Regex CreditCard();
}
